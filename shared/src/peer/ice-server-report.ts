import type { IceServer } from "../protocol/control-messages.js";
import type { CandidateCounts } from "./candidate-counts.js";

/** What became of one STUN or TURN server during an attempt. */
export interface IceServerReport {
	readonly url: string;
	/** Whether it was heard from; undefined where the candidates do not tell. */
	readonly answered: boolean | undefined;
	/** What the implementation says went wrong with it, where it does. */
	readonly error?: string;
}

/** What an attempt has seen of the servers it asked. */
export interface ServerSigns {
	/** Candidates found here. */
	readonly local: CandidateCounts;
	/** Servers that candidates name as where they came from; not every implementation says. */
	readonly sources: readonly string[];
	/** Errors by server, as `icecandidateerror` tells them; not every implementation does. */
	readonly errors: readonly {
		readonly url: string;
		readonly code: number;
		readonly text: string;
	}[];
	/**
	 * Whether an address that STUN tells would show as a candidate: not on a machine that has it itself, being behind no
	 * NAT, nor where addresses are hidden.
	 */
	readonly stunShows: boolean;
}

/** Servers told of at most: bounds what a long list would make of a report. */
const MOST_SERVERS = 16;

/** Which of the servers of an attempt answered, as far as what was seen can tell. Pure. */
export function judgeServers(
	servers: readonly IceServer[],
	signs: ServerSigns,
): readonly IceServerReport[] {
	const urls = servers.flatMap((server) => server.urls).slice(0, MOST_SERVERS);
	return urls.map((url) => judge(url, urls, signs));
}

/** Whether a server relays (TURN), or only tells addresses (STUN). Schemes are the same in any case (RFC 3986 §3.1). */
export function isTurn(url: string): boolean {
	return /^turns?:/i.test(url);
}

/** Where a server is: host, port and whether it is asked over UDP. Undefined for what is no such URL (RFC 7064, 7065). */
export function iceServerAddress(url: string):
	| {
			readonly host: string;
			readonly port: number;
			readonly udp: boolean;
	  }
	| undefined {
	const parts =
		/^(stun|turn)(s?):(\[[0-9a-f:.]+\]|[^\s:?/]+)(?::(\d{1,5}))?(\?transport=(udp|tcp))?$/i.exec(
			url,
		);
	if (!parts) return undefined;
	const [, , secure = "", host = "", port, , transport] = parts;
	return {
		host: host.replace(/^\[|\]$/g, ""),
		port: port === undefined ? (secure ? 5349 : 3478) : Number(port),
		udp: secure === "" && transport?.toLowerCase() !== "tcp",
	};
}

function judge(
	url: string,
	all: readonly string[],
	signs: ServerSigns,
): IceServerReport {
	const error = signs.errors.find((each) => isSameServer(each.url, url));
	const answered = error ? wasHeard(error.code) : hasAnswered(url, all, signs);
	return {
		url,
		answered,
		...(error ? { error: `${error.code} ${error.text}`.slice(0, 200) } : {}),
	};
}

/** Codes of STUN come from the server; 701 stands for "no answer" (WebRTC §4.8.2). */
function wasHeard(code: number): boolean {
	return code < 700;
}

function hasAnswered(
	url: string,
	all: readonly string[],
	signs: ServerSigns,
): boolean | undefined {
	if (signs.sources.some((source) => isSameServer(source, url))) return true;
	const { local, stunShows } = signs;
	const turn = isTurn(url);
	const found = (turn ? local.relay : local.srflx) ?? 0;
	if (found === 0) return turn || stunShows ? false : undefined;
	// A TURN server tells addresses too: of several servers, any may have been the one.
	const candidates = turn ? all.filter(isTurn) : all;
	return candidates.length === 1 ? true : undefined;
}

/** Implementations write the default port and transport out, or leave them away. */
function isSameServer(one: string, other: string): boolean {
	const [a, b] = [iceServerAddress(one), iceServerAddress(other)];
	return (
		a !== undefined &&
		b !== undefined &&
		isTurn(one) === isTurn(other) &&
		a.host === b.host &&
		a.port === b.port &&
		a.udp === b.udp
	);
}
