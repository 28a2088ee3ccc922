import { EasyRemoteError } from "../errors/easyremote-error.js";
import { isRtc, type RtcImplementation } from "./is-rtc.js";
import {
	checkRtc,
	rtcForSimplePeer,
	runsOnDatachannel,
} from "./rtc-implementation.js";
import type { SimplePeerCtor } from "./simple-peer-like.js";

/**
 * Fetches simple-peer, in browsers its own build for them, and in Node the WebRTC implementation it runs on: `rtc`, or
 * node-datachannel. `vite` puts it into a chunk of its own; in Node the native code costs memory that a process without
 * direct paths saves.
 *
 * node-datachannel and not @roamhq/wrtc: there a far end that closes while this end sends ends the process.
 *
 * @throws UNAVAILABLE when node-datachannel is not installed; INVALID_ARGUMENT when `rtc` is something else
 */
export async function loadSimplePeer(rtc?: object): Promise<SimplePeerCtor> {
	const [simplePeer, platform] = await Promise.all([
		import("#simple-peer"),
		rtc === undefined ? loadRtc() : checkRtc(rtc),
	]);
	const SimplePeer = simplePeer.default;
	if (!platform) return SimplePeer;
	const wrtc = rtcForSimplePeer(platform);
	const onDatachannel = runsOnDatachannel(platform);
	return class extends SimplePeer {
		static override readonly onDatachannel = onDatachannel;

		constructor(options: ConstructorParameters<SimplePeerCtor>[0]) {
			super({ ...options, wrtc });
		}
	};
}

/** Undefined in browsers, which have it built in. */
async function loadRtc(): Promise<RtcImplementation | undefined> {
	try {
		const found: object = await import("#rtc");
		return isRtc(found) ? found : undefined;
	} catch (cause) {
		throw new EasyRemoteError("UNAVAILABLE", "WebRTC is not installed here", {
			cause,
			hint: "npm install node-datachannel, or pass another implementation as rtc",
		});
	}
}
