export {
	DirectUpgrade,
	type DirectUpgradeOptions,
	type UpgradedSession,
} from "./direct-upgrade.js";
export {
	type Negotiation,
	type NegotiationOptions,
	negotiate,
} from "./negotiation.js";
export type {
	DirectChannel,
	PeerAttempt,
	PeerAttemptOptions,
	PeerConnector,
	PeerSignal,
} from "./peer-connector.js";
export { loadSimplePeer } from "./load-simple-peer.js";
export {
	checkRtc,
	isRtc,
	type RtcImplementation,
} from "./rtc-implementation.js";
export {
	type SimplePeerConnectorOptions,
	simplePeerConnector,
} from "./simple-peer-connector.js";
export type { SimplePeerCtor } from "./simple-peer-like.js";
export type { UpgradePhase } from "./upgrade-state.js";
