import { iceServerAddress } from "@easyremote/shared/peer";
import { STUN_PATIENCE_MS } from "../stun/stun-socket.js";
import type { Finding } from "./finding.js";

/** What no answer of a STUN or TURN server over UDP means: silence, or with `error` a refusal on the way. */
export function udpTrouble(
	check: "stun" | "turn",
	url: string,
	error?: Error,
): Finding {
	const code = error && "code" in error ? String(error.code) : "";
	const { host = "", port = 0 } = iceServerAddress(url) ?? {};
	return {
		check,
		status: "failed",
		...explain(code, error, url, `${port}/udp`, host),
		data: { url, ...(code === "" ? {} : { errorCode: code }) },
	};
}

function explain(
	code: string,
	error: Error | undefined,
	url: string,
	port: string,
	host: string,
): Pick<Finding, "detail" | "fix"> {
	if (error === undefined) {
		return {
			detail: `no UDP answer from ${url} in ${STUN_PATIENCE_MS / 1_000} s: UDP looks blocked`,
			fix: `open ${port} to ${host}, in the firewalls of both sides; without it direct paths open on one network only`,
		};
	}
	if (code === "ECONNREFUSED") {
		return {
			detail: `nothing listens at ${url}: the port was refused`,
			fix: `start the server, or pass ${port} on to it where the gateway stands behind a proxy or in a container`,
		};
	}
	if (code === "ENOTFOUND" || code === "EAI_AGAIN") {
		return {
			detail: `${url} has an unknown host name`,
			fix: "correct it at the gateway (ice.stun, ice.turn), or check DNS",
		};
	}
	return {
		detail: `${url} cannot be reached: ${error.message}`,
		fix: "check that this machine has a network, and a way to the server",
	};
}
