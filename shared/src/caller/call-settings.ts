import { EasyRemoteError } from "../errors/easyremote-error.js";
import { toEasyRemoteError } from "../errors/error-wire.js";
import { parseDuration } from "../functions/duration.js";
import { parseTraceparent } from "../telemetry/traceparent.js";
import type { CallDefaults, CallOptions, Transport } from "./call-options.js";

/** The options of one call, checked and completed. */
export interface CallSettings {
	readonly timeoutMs: number;
	readonly retries: number;
	readonly transport: Transport;
	readonly directThresholdBytes: number;
	readonly cache: boolean;
	readonly quorum: number;
}

/** Most equal answers that may be asked for: routes hold twice as many nodes. */
const LARGEST_QUORUM = 16;

const TRANSPORTS: readonly unknown[] = ["auto", "direct", "relay"];

const KNOWN: ReadonlySet<string> = new Set<keyof CallOptions>([
	"signal",
	"timeout",
	"retries",
	"transport",
	"directThreshold",
	"cache",
	"quorum",
	"idempotencyKey",
	"onProgress",
	"traceparent",
]);

/** Fills options up with the caller's defaults. Throws INVALID_ARGUMENT that names the option. */
export function settleOptions(
	options: CallOptions | undefined,
	defaults: CallDefaults,
): CallSettings {
	if (options === undefined) return defaults;
	for (const key of Object.keys(options)) {
		if (!KNOWN.has(key)) throw invalid(key, "is not known");
	}
	if (
		options.traceparent !== undefined &&
		parseTraceparent(options.traceparent) === undefined
	) {
		throw invalid(
			"traceparent",
			"must be a W3C trace context: 00-{32 hex digits}-{16}-{2}",
		);
	}
	return {
		timeoutMs:
			options.timeout === undefined
				? defaults.timeoutMs
				: readTimeout(options.timeout),
		retries: checkCount("retries", options.retries ?? defaults.retries),
		transport: checkTransport(options.transport ?? defaults.transport),
		directThresholdBytes: checkCount(
			"directThreshold",
			options.directThreshold ?? defaults.directThresholdBytes,
		),
		cache: checkFlag("cache", options.cache ?? defaults.cache),
		quorum: checkQuorum(options.quorum ?? defaults.quorum),
	};
}

/** A time limit in ms from what users write; Infinity is none. Throws INVALID_ARGUMENT. */
export function readTimeout(timeout: number | string): number {
	if (timeout === Number.POSITIVE_INFINITY) return timeout;
	const ms = durationOf("timeout", timeout);
	if (ms > 0) return ms;
	throw invalid("timeout", `must be over 0, not ${timeout}`);
}

/** As `parseDuration`, with an error that names the option. */
function durationOf(name: string, value: number | string): number {
	try {
		return parseDuration(value);
	} catch (error) {
		const { message, hint } = toEasyRemoteError(error);
		throw new EasyRemoteError(
			"INVALID_ARGUMENT",
			`option "${name}": ${message}`,
			{
				hint,
				cause: error,
			},
		);
	}
}

/** Throws INVALID_ARGUMENT unless `value` counts something. */
export function checkCount(name: string, value: number): number {
	if (
		value === Number.POSITIVE_INFINITY ||
		(Number.isInteger(value) && value >= 0)
	)
		return value;
	throw invalid(name, `must be a whole number from 0, not ${String(value)}`);
}

function checkFlag(name: string, value: boolean): boolean {
	if (typeof value === "boolean") return value;
	throw invalid(name, `must be true or false, not ${String(value)}`);
}

/** Throws INVALID_ARGUMENT unless so many equal answers may be asked for. */
export function checkQuorum(value: number): number {
	if (Number.isInteger(value) && value >= 1 && value <= LARGEST_QUORUM)
		return value;
	throw invalid(
		"quorum",
		`must be a whole number from 1 to ${LARGEST_QUORUM}, not ${String(value)}`,
	);
}

/** Throws INVALID_ARGUMENT unless `value` is a transport. */
export function checkTransport(value: Transport): Transport {
	if (TRANSPORTS.includes(value)) return value;
	throw invalid("transport", `must be one of ${TRANSPORTS.join(", ")}`);
}

function invalid(name: string, problem: string): EasyRemoteError {
	return new EasyRemoteError("INVALID_ARGUMENT", `option "${name}" ${problem}`);
}
