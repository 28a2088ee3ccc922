import { iceServerAddress, isTurn } from "@easyremote/shared/peer";
import type { IceServer } from "@easyremote/shared/protocol";
import {
	addressIn,
	ATTRIBUTE,
	errorIn,
	stunRequest,
} from "../stun/stun-message.js";
import { type StunAnswer, StunSocket } from "../stun/stun-socket.js";
import { type Finding, rounded, shownMs } from "./finding.js";
import { udpTrouble } from "./udp-trouble.js";

const BINDING = 0x0001;

/** Asks each STUN server that the gateway hands out which address this machine's packets come from. */
export async function* checkStun(
	servers: readonly IceServer[],
	signal: AbortSignal,
): AsyncGenerator<Finding> {
	const urls = servers
		.flatMap((server) => server.urls)
		.filter((url) => !isTurn(url));
	if (urls.length === 0) {
		yield {
			check: "stun",
			status: "skipped",
			detail: "the gateway hands out no STUN server",
			fix: 'across NATs direct paths need one: ice: { stun: "builtin" } at the gateway',
		};
	}
	for (const url of urls) yield await ask(url, signal);
}

async function ask(url: string, signal: AbortSignal): Promise<Finding> {
	const address = iceServerAddress(url);
	if (!address?.udp) {
		return {
			check: "stun",
			status: "skipped",
			detail: `${url} was not asked: only STUN over UDP is`,
			data: { url },
		};
	}
	let socket: StunSocket | undefined;
	try {
		socket = await StunSocket.open(address);
		const answer = await socket.request(stunRequest(BINDING), { signal });
		return answer ? answered(url, answer) : udpTrouble("stun", url);
	} catch (error) {
		signal.throwIfAborted();
		if (!(error instanceof Error)) throw error;
		return udpTrouble("stun", url, error);
	} finally {
		socket?.close();
	}
}

function answered(url: string, { message, rttMs }: StunAnswer): Finding {
	const mapped = addressIn(message, ATTRIBUTE.xorMappedAddress);
	if (mapped === undefined) {
		const { code = 0, text = "an answer without an address" } =
			errorIn(message) ?? {};
		return {
			check: "stun",
			status: "failed",
			detail: `${url} answers with ${code} ${text}`,
			fix: "configure another STUN server at the gateway (ice.stun)",
			data: { url, errorCode: code },
		};
	}
	return {
		check: "stun",
		status: "ok",
		detail: `${url} sees this machine at ${mapped}, ${shownMs(rttMs)}`,
		data: { url, mapped, rttMs: rounded(rttMs) },
	};
}
