import * as rtc from "node-datachannel/polyfill";

/** The implementation that the product uses in Node.js; its types are nearly those of the DOM. */
export const NodeConnection =
	rtc.RTCPeerConnection as unknown as typeof RTCPeerConnection;
