export type { CandidateCounts } from "./candidate-counts.js";
export {
	DirectUpgrade,
	type DirectUpgradeOptions,
	type UpgradedSession,
} from "./direct-upgrade.js";
export {
	iceServerAddress,
	type IceServerReport,
	isTurn,
} from "./ice-server-report.js";
export {
	type Negotiation,
	type NegotiationOptions,
	negotiate,
} from "./negotiation.js";
export type { AttemptFacts } from "./path-diagnosis.js";
export {
	joinTrouble,
	noAttempt,
	type PathReport,
	type PathState,
	whyNotDirect,
} from "./path-report.js";
export type {
	DirectChannel,
	PeerAttempt,
	PeerAttemptOptions,
	PeerConnector,
	PeerSignal,
} from "./peer-connector.js";
export { loadSimplePeer } from "./load-simple-peer.js";
export { isRtc, type RtcImplementation } from "./is-rtc.js";
export { checkRtc } from "./rtc-implementation.js";
export {
	type SimplePeerConnectorOptions,
	simplePeerConnector,
} from "./simple-peer-connector.js";
export type { SimplePeerCtor } from "./simple-peer-like.js";
export type { UpgradePhase } from "./upgrade-state.js";
