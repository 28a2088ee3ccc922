import { randomBytes } from "node:crypto";
import type { Transport } from "@easyremote/shared/caller";
import { PROBE_FUNCTION, PROTOCOL } from "@easyremote/shared/protocol";
import type { Client } from "../../client.js";

/** Calls of which the quickest counts: the others met with something else on their way. */
const ROUNDS = 5;
/** First transfer, bytes: enough to tell a fast path from a slow one. */
const TASTE_BYTES = 256 * 1024;
/** A path that takes longer for that is slow, and measured well enough, ms. */
const SLOW_MS = 250;
const TIMEOUT_MS = 60_000;

/** How quick a path is. */
export interface PathSpeed {
	/** From a call to its answer, with nothing to carry, ms. */
	readonly roundTripMs: number;
	/** MB (10⁶ bytes) a second, to the node and from it. */
	readonly upMBps: number;
	readonly downMBps: number;
}

/** Which path, of which node. */
export interface ProbedPath {
	readonly client: Client;
	readonly node: string;
	readonly transport: Transport;
	readonly signal: AbortSignal;
}

/** Calls the function that every node has. */
export function callProbe(path: ProbedPath, bytes: number, answer: number) {
	const { client, node, transport, signal } = path;
	return client.call<Uint8Array>({
		target: { node, function: PROBE_FUNCTION },
		input: { args: [noise(bytes), answer] },
		options: { transport, signal, retries: 0, timeout: TIMEOUT_MS },
	});
}

/** Measures a path by calls. It has carried one before, so that opening it is not in the figures. */
export async function measurePath(path: ProbedPath): Promise<PathSpeed> {
	let roundTripMs = Number.POSITIVE_INFINITY;
	for (let round = 0; round < ROUNDS; round += 1)
		roundTripMs = Math.min(roundTripMs, await timed(path, 0, 0));
	const rate = async (up: boolean) => {
		const move = (bytes: number) =>
			up ? timed(path, bytes, 0) : timed(path, 0, bytes);
		const tasteMs = await move(TASTE_BYTES);
		if (tasteMs > SLOW_MS) return megabytes(TASTE_BYTES, tasteMs);
		const bytes = PROTOCOL.probeBytes;
		return megabytes(bytes, await move(bytes));
	};
	return { roundTripMs, upMBps: await rate(true), downMBps: await rate(false) };
}

async function timed(
	path: ProbedPath,
	bytes: number,
	answer: number,
): Promise<number> {
	const begunAt = performance.now();
	await callProbe(path, bytes, answer);
	return performance.now() - begunAt;
}

function megabytes(bytes: number, ms: number): number {
	return bytes / 1_000 / ms;
}

/** What no compression makes fewer. A plain array: a Buffer is a type of its own to the far end. */
function noise(length: number): Uint8Array {
	return new Uint8Array(randomBytes(length));
}
