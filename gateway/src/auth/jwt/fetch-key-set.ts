import type { Clock } from "@easyremote/shared/time";

/** How long the answer may take, ms. */
const TIMEOUT_MS = 5_000;
/** Largest key set taken, bytes: a hundred times what issuers have. */
const MAX_BYTES = 256 * 1024;

/** The part of `fetch` that is used. */
export type FetchKeySet = (
	url: string,
	init: {
		readonly redirect: "error";
		readonly signal: AbortSignal;
		readonly headers: Readonly<Record<string, string>>;
	},
) => Promise<Response>;

export interface FetchOptions {
	readonly url: string;
	readonly fetch: FetchKeySet;
	readonly clock: Clock;
	/** Ends it early. */
	readonly signal: AbortSignal;
}

/** Fetches a key set and answers its JSON. Rejects with an error that says what was wrong, in no more than a few seconds. */
export async function fetchKeySet({
	url,
	fetch,
	clock,
	signal,
}: FetchOptions): Promise<unknown> {
	const timeout = new AbortController();
	const cancelTimer = clock.schedule(TIMEOUT_MS, () =>
		timeout.abort(new Error(`no answer within ${TIMEOUT_MS} ms`)),
	);
	try {
		const response = await fetch(url, {
			// Only the server that was named is trusted.
			redirect: "error",
			signal: AbortSignal.any([signal, timeout.signal]),
			headers: { accept: "application/jwk-set+json, application/json" },
		});
		if (response.status !== 200)
			throw new Error(`it answered ${response.status}`);
		return JSON.parse(await readText(response)) as unknown;
	} finally {
		cancelTimer();
	}
}

async function readText(response: Response): Promise<string> {
	const decoder = new TextDecoder();
	let text = "";
	let size = 0;
	// Leaving the loop early cancels the rest.
	for await (const chunk of (response.body ??
		[]) as AsyncIterable<Uint8Array>) {
		size += chunk.length;
		if (size > MAX_BYTES) throw new Error(`it is over ${MAX_BYTES} bytes long`);
		text += decoder.decode(chunk, { stream: true });
	}
	return text + decoder.decode();
}
