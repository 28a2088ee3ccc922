/** What an attempt is given: where it may be heard, and what it may read. */
export interface Sink {
	/** Plain HTTP; answers scripts, frames and sockets alike. */
	readonly url: string;
	readonly ws: string;
	/** Host and port of the same. */
	readonly tcp: string;
	/** Host and port of a UDP socket. */
	readonly udp: string;
	/** A name that nobody else looks up. */
	readonly host: string;
	/** What lies in every store of the page's origin; also what an attempt says when a device or window let it in. */
	readonly secret: string;
}

/**
 * One thing that published code may try, to be heard outside or to read what is not its own. It has succeeded when its
 * sink heard anything, its name was looked up, or it returns the secret.
 */
export interface WayOut {
	readonly name: string;
	/** Body of an async function of `sink`; what it returns is for people, but for the secret. */
	readonly code: string;
	/** Before the function, at the bundle's top, with SINK for the address. */
	readonly head?: string;
	/** Where it succeeds without a sandbox; "nowhere" for what a headless browser has not. */
	readonly control: "page" | "worker" | "classic worker" | "nowhere";
}

/** Makes a row of a table. */
export function way(
	name: string,
	control: WayOut["control"],
	code: string,
	head?: string,
): WayOut {
	return { name, control, code, ...(head === undefined ? {} : { head }) };
}

/** How long an attempt waits for an answer before it reports, ms. */
const PATIENCE_MS = 3_000;

/** The module of an attempt: `attempt(sink)` tells what it got, or what it was refused with. */
export function attemptModule({ head = "", code }: WayOut, sink: Sink): string {
	return `${head.replaceAll("SINK", sink.url)}
export const attempt = async (sink) => {
	const pause = new Promise((resolve) => setTimeout(resolve, ${PATIENCE_MS}, "nothing yet"));
	try {
		const got = await Promise.race([(async () => { ${code} })(), pause]);
		return { got: String(got) };
	} catch (error) {
		return { refused: String(error) };
	}
};`;
}
