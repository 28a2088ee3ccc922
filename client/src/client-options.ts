import type { CallDefaults, Transport } from "@easyremote/shared/caller";
import { CALL_DEFAULTS, settleOptions } from "@easyremote/shared/caller";
import { EasyRemoteError } from "@easyremote/shared/errors";
import { isRtc } from "@easyremote/shared/peer";
import { type Duration, parseDuration } from "@easyremote/shared/functions";
import type { ReconnectBounds } from "@easyremote/shared/link";
import { present } from "@easyremote/shared/shapes";
import { clientDoor } from "./gateway-url.js";

/** What `createClient` takes. */
export interface ClientOptions {
	/** Where the gateway is, for example "https://gw.example.com". */
	readonly gateway: string;
	/** API key. */
	readonly key?: string | undefined;
	/** JWT, instead of a key. */
	readonly token?: string | undefined;
	/** How calls travel unless they say otherwise ("auto"). */
	readonly transport?: Transport | undefined;
	/** Payload from which a call waits for the direct path, bytes (256 KiB). */
	readonly directThreshold?: number | undefined;
	/** Time for a call: ms, "30s", or Infinity ("60s"). */
	readonly timeout?: number | string | undefined;
	/** How often a call that did not start, or an idempotent one, is tried again (2). */
	readonly retries?: number | undefined;
	/** Whether answers from a cache will do, unless a call says otherwise (true). */
	readonly cache?: boolean | undefined;
	/** A WebRTC implementation, an object like `@roamhq/wrtc`; false makes no direct connections. */
	readonly rtc?: object | false | undefined;
	/** "relay" keeps this machine's addresses from the far end: direct paths go through a TURN server, or there are none ("all"). */
	readonly iceTransportPolicy?: "all" | "relay" | undefined;
	/** Pause between attempts to reach the gateway, with full jitter (500 ms to 30 s). */
	readonly reconnect?:
		| { readonly min?: Duration; readonly max?: Duration }
		| undefined;
}

/** Options checked and completed. */
export interface ClientSettings {
	/** The gateway as the user wrote it. */
	readonly gateway: string;
	/** WebSocket URL of the gateway's door for clients. */
	readonly door: string;
	readonly credential: string | undefined;
	readonly defaults: CallDefaults;
	readonly rtc: object | false | undefined;
	readonly iceTransportPolicy: "all" | "relay";
	readonly reconnect: Partial<ReconnectBounds>;
}

const KNOWN: ReadonlySet<string> = new Set<keyof ClientOptions>([
	"gateway",
	"key",
	"token",
	"transport",
	"directThreshold",
	"timeout",
	"retries",
	"cache",
	"rtc",
	"iceTransportPolicy",
	"reconnect",
]);

/** Checks what came from the user. Throws INVALID_ARGUMENT that names the option. */
export function readClientOptions(options: ClientOptions): ClientSettings {
	for (const key of Object.keys(options))
		if (!KNOWN.has(key)) throw invalid(key, "is not known");
	const { gateway, key, token, rtc } = options;
	if (typeof gateway !== "string") throw invalid("gateway", "must be a URL");
	if (key !== undefined && token !== undefined)
		throw invalid("token", 'is given beside "key": give one of them');
	if (rtc !== undefined && rtc !== false && !isRtc(rtc))
		throw invalid("rtc", "must be a WebRTC implementation, or false");
	const { transport, directThreshold, timeout, retries, cache } = options;
	const { iceTransportPolicy = "all" } = options;
	if (!["all", "relay"].includes(iceTransportPolicy))
		throw invalid("iceTransportPolicy", 'must be "all" or "relay"');
	return {
		gateway,
		door: clientDoor(gateway),
		credential: credential("key", key) ?? credential("token", token),
		// The same words mean the same for a client and for a call.
		defaults: settleOptions(
			{ transport, directThreshold, timeout, retries, cache },
			CALL_DEFAULTS,
		),
		rtc,
		iceTransportPolicy,
		reconnect: readReconnect(options.reconnect),
	};
}

function credential(
	name: string,
	value: string | undefined,
): string | undefined {
	if (value === undefined) return undefined;
	// Empty is what an unset variable gives: anonymous by accident would be a surprise.
	if (typeof value === "string" && value.trim() !== "") return value.trim();
	throw invalid(name, "must be a text that is not empty");
}

function readReconnect(
	reconnect: ClientOptions["reconnect"],
): Partial<ReconnectBounds> {
	if (reconnect === undefined) return {};
	const { min, max, ...rest } = reconnect;
	const [unknown] = Object.keys(rest);
	if (unknown !== undefined)
		throw invalid(`reconnect.${unknown}`, "is not known");
	return present({
		minMs: min === undefined ? min : parseDuration(min),
		maxMs: max === undefined ? max : parseDuration(max),
	});
}

function invalid(name: string, problem: string): EasyRemoteError {
	return new EasyRemoteError("INVALID_ARGUMENT", `option "${name}" ${problem}`);
}
