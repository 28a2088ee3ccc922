import { EasyRemoteError } from "@easyremote/shared/errors";
import { type Finding, rounded, shownMs } from "./finding.js";

/** Longest wait for the gateway's word, ms. */
const PATIENCE_MS = 10_000;
/** A clock that differs by less is no news, and HTTP tells whole seconds only, ms. */
const TELLING_SKEW_MS = 2_000;
/** A clock that differs by more makes tokens seem expired, or not yet valid, ms. */
const HARMFUL_SKEW_MS = 60_000;

/** Asks the gateway over HTTP who it is, and what time it has. The first finding is about the gateway itself. */
export async function checkGateway(
	health: string,
	signal: AbortSignal,
): Promise<readonly [Finding, ...Finding[]]> {
	const begunAt = performance.now();
	let response: Response;
	let body: unknown;
	try {
		response = await fetch(health, {
			signal: AbortSignal.any([signal, AbortSignal.timeout(PATIENCE_MS)]),
		});
		body = await response.json().catch(() => undefined);
	} catch (error) {
		signal.throwIfAborted();
		return [unreachable(health, error)];
	}
	const ms = performance.now() - begunAt;
	if (!response.ok || !isHealthy(body))
		return [notOurs(health, response.status)];
	const version = response.headers.get("x-easyremote-version") ?? "unknown";
	return [
		{
			check: "gateway",
			status: "ok",
			detail: `${new URL(health).origin} answers, version ${version}, ${shownMs(ms)}`,
			data: { version, ms: rounded(ms) },
		},
		...checkClock(response.headers.get("date"), Date.now() - ms / 2),
	];
}

/** Says nothing of a clock that is right, as far as a header of whole seconds tells. */
export function checkClock(date: string | null, nowMs: number): Finding[] {
	const theirs = date === null ? Number.NaN : Date.parse(date) + 500;
	const skewMs = theirs - nowMs;
	if (!(Math.abs(skewMs) > TELLING_SKEW_MS)) return [];
	const way = skewMs > 0 ? "behind" : "ahead of";
	const harmful = Math.abs(skewMs) > HARMFUL_SKEW_MS;
	return [
		{
			check: "clock",
			status: harmful ? "failed" : "ok",
			detail: `this clock is ${shownMs(Math.abs(skewMs))} ${way} the gateway's`,
			...(harmful
				? {
						fix: "set both clocks by NTP: tokens seem expired, or not yet valid",
					}
				: {}),
			data: { skewMs: Math.round(skewMs) },
		},
	];
}

function unreachable(health: string, error: unknown): Finding {
	const cause = error instanceof Error ? (error.cause ?? error) : error;
	const why = cause instanceof Error ? cause.message : String(cause);
	const code = cause instanceof Error && "code" in cause ? cause.code : "";
	return {
		check: "gateway",
		status: "failed",
		detail: `${health} cannot be reached: ${why || String(code)}`,
		fix: fixFor(String(code)),
		code: "UNAVAILABLE",
	};
}

function fixFor(code: string): string {
	if (code === "ENOTFOUND" || code === "EAI_AGAIN")
		return "check the host name in --gateway, and DNS";
	if (/CERT|SELF_SIGNED|UNABLE_TO_VERIFY/.test(code))
		return "give the gateway a certificate that this machine trusts, or name its CA in NODE_EXTRA_CA_CERTS";
	return "check the address in --gateway, that the gateway runs (easyremote-gateway), and that its TCP port is open";
}

function notOurs(health: string, status: number): Finding {
	const error = new EasyRemoteError(
		"UNAVAILABLE",
		`${health} answers ${status}, not as an EasyRemote gateway does`,
	);
	return {
		check: "gateway",
		status: "failed",
		detail: error.message,
		fix: "check the address in --gateway, and that a proxy before it passes /healthz on",
		code: error.code,
	};
}

function isHealthy(body: unknown): boolean {
	if (typeof body !== "object" || body === null) return false;
	return "status" in body && body.status === "ok";
}
