import { iceServerAddress, isTurn } from "@easyremote/shared/peer";
import type { IceServer } from "@easyremote/shared/protocol";
import { StunSocket } from "../stun/stun-socket.js";
import {
	type Allocation,
	tryAllocation,
	type TurnCredentials,
} from "../stun/turn-allocation.js";
import { type Finding, rounded, shownMs } from "./finding.js";
import { udpTrouble } from "./udp-trouble.js";

/** Asks each TURN server that the gateway hands out for a relayed address, with the credentials handed out beside it. */
export async function* checkTurn(
	servers: readonly IceServer[],
	signal: AbortSignal,
): AsyncGenerator<Finding> {
	const turns = servers.flatMap(({ urls, username = "", credential = "" }) =>
		[urls]
			.flat()
			.filter(isTurn)
			.map((url) => ({ url, credentials: { username, credential } })),
	);
	if (turns.length === 0) {
		yield {
			check: "turn",
			status: "skipped",
			detail: "the gateway hands out no TURN server",
			fix: "behind symmetric NATs direct paths need one: ice.turn at the gateway",
		};
	}
	for (const { url, credentials } of turns)
		yield await ask(url, credentials, signal);
}

async function ask(
	url: string,
	credentials: TurnCredentials,
	signal: AbortSignal,
): Promise<Finding> {
	const address = iceServerAddress(url);
	if (!address?.udp) {
		return {
			check: "turn",
			status: "skipped",
			detail: `${url} was not asked: only TURN over UDP is, and Node.js uses no other`,
			data: { url },
		};
	}
	let socket: StunSocket | undefined;
	try {
		socket = await StunSocket.open(address);
		return told(url, await tryAllocation(socket, credentials, signal));
	} catch (error) {
		signal.throwIfAborted();
		if (!(error instanceof Error)) throw error;
		return udpTrouble("turn", url, error);
	} finally {
		socket?.close();
	}
}

function told(url: string, allocation: Allocation): Finding {
	switch (allocation.kind) {
		case "silent":
			return udpTrouble("turn", url);
		case "refused": {
			const { code, text } = allocation;
			return {
				check: "turn",
				status: "failed",
				detail: `${url} refuses: ${code} ${text}`,
				fix:
					code === 401
						? "the secret, or the user and password, at the gateway (ice.turn) must be the server's own"
						: "see the log of the TURN server",
				data: { url, errorCode: code },
			};
		}
		case "granted": {
			const { relayed, ms } = allocation;
			return {
				check: "turn",
				status: "ok",
				detail: `${url} relays for this machine at ${relayed}, ${shownMs(ms)}`,
				data: { url, relayed, ms: rounded(ms) },
			};
		}
	}
}
