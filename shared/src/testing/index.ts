export {
	encodeFrame,
	OPCODE,
	type RawFrame,
} from "../channel/testing/raw-frame.js";
export { ManualClock } from "../time/manual-clock.js";
export { type Script, ScriptedCall } from "./scripted-call.js";
export { ScriptedGateway } from "./scripted-gateway.js";
export { ScriptedNode } from "./scripted-node.js";
export { seededRandom } from "../routing/testing/seeded-random.js";
export {
	createTestNetwork,
	type TestNetwork,
	type TestNetworkOptions,
} from "./test-network.js";
