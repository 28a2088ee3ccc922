import { createRequire } from "node:module";
import type { HostLog } from "@easyremote/shared/host";
import {
	type PeerConnector,
	type RtcImplementation,
	simplePeerConnector,
} from "@easyremote/shared/peer";
import { EasyRemoteError } from "@easyremote/shared/errors";

/**
 * Makes direct paths with the WebRTC implementation given, or with @roamhq/wrtc, which is loaded at the first attempt:
 * a node that nobody connects to directly never pays for it.
 */
export function nodePeerConnector(
	rtc: RtcImplementation | undefined,
	log: HostLog,
): PeerConnector {
	let connector: PeerConnector | undefined;
	return {
		connect: (options) => {
			connector ??= simplePeerConnector({ rtc: rtc ?? loadRtc(log) });
			return connector.connect(options);
		},
	};
}

function loadRtc(log: HostLog): RtcImplementation {
	try {
		const require = createRequire(import.meta.url);
		return require("@roamhq/wrtc") as RtcImplementation;
	} catch (cause) {
		const error = new EasyRemoteError(
			"UNAVAILABLE",
			"WebRTC is not to be had on this machine: @roamhq/wrtc cannot be loaded",
			{
				hint: "pass another implementation as `rtc`; until then everything goes over the relay",
				cause,
			},
		);
		log.warn(error.message, { hint: error.hint, cause: String(cause) });
		throw error;
	}
}
