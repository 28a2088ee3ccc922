import type { CallMeta, Transport } from "@easyremote/shared/caller";
import { parseReference } from "@easyremote/shared/caller";
import { parseDuration } from "@easyremote/shared/functions";
import type { Client } from "../client.js";
import { readArguments } from "./call-arguments.js";
import type { Output } from "./output.js";
import { ProgressBar } from "./progress/progress-bar.js";
import type { Surroundings } from "./surroundings.js";

/** Flags of `call`. */
export interface CallFlags {
	readonly stream?: boolean;
	readonly transport?: string;
	readonly timeout?: string;
	readonly quorum?: string;
	readonly verbose?: boolean;
	readonly spawn?: boolean;
}

/** `call REF [ARGS…]`: prints the result; items of a stream one by one with `--stream`, else as one list. */
export async function call(
	client: Client,
	reference: string,
	words: readonly string[],
	flags: CallFlags,
	output: Output,
	surroundings: Surroundings,
): Promise<void> {
	const target = parseReference(reference);
	const args = await readArguments(words, surroundings);
	if (flags.spawn === true) {
		const { id } = await client.spawn({
			target,
			input: { args },
			options: {
				signal: surroundings.interrupted,
				timeout: readTimeout(flags.timeout),
				transport: flags.transport as Transport | undefined,
			},
		});
		await output.value(output.json ? { id } : id);
		return;
	}
	const bar = progressBar(flags, output, surroundings);
	const running = client.call({
		target,
		input: { args },
		options: {
			signal: surroundings.interrupted,
			// Checked where all options are.
			transport: flags.transport as Transport | undefined,
			timeout: readTimeout(flags.timeout),
			quorum: flags.quorum === undefined ? undefined : Number(flags.quorum),
			onProgress: bar?.hear,
		},
	});
	try {
		const result = await running;
		if (isStream(result) && flags.stream === true)
			for await (const item of result) await output.value(item);
		else {
			const value = isStream(result) ? await collect(result) : result;
			await bar?.stop();
			await output.value(value);
		}
	} finally {
		await bar?.stop();
	}
	if (flags.verbose === true) await output.note(describe(await running.meta()));
}

/** A bar where somebody would see it, and where it would not stand between the items of a stream. */
function progressBar(
	flags: CallFlags,
	output: Output,
	{ out, err, environment, clock }: Surroundings,
): ProgressBar | undefined {
	const seen = err.isTerminal && environment["TERM"] !== "dumb";
	const inTheWay = flags.stream === true && out.isTerminal;
	if (!seen || output.json || inTheWay) return undefined;
	return new ProgressBar(err, { clock, colourful: !environment["NO_COLOR"] });
}

/** Read here, so that a mistake is one of the command line and not of a call. */
function readTimeout(text: string | undefined): number | undefined {
	return text === undefined ? undefined : parseDuration(text);
}

function isStream(value: unknown): value is AsyncIterable<unknown> {
	return (
		typeof value === "object" && value !== null && Symbol.asyncIterator in value
	);
}

async function collect(stream: AsyncIterable<unknown>): Promise<unknown[]> {
	const items: unknown[] = [];
	for await (const item of stream) items.push(item);
	return items;
}

function describe(meta: CallMeta): string {
	const path = [
		meta.transport ?? "no path",
		meta.candidate,
		meta.rttMs === undefined ? undefined : `${meta.rttMs.toFixed(1)} ms`,
	].filter((part) => part !== undefined);
	const { verified } = meta;
	return [
		meta.nodeId ?? "no node",
		path.join(" "),
		...(verified
			? [`${verified.agreed} of ${verified.answers} donors agree`]
			: []),
		`${meta.bytesSent} B sent`,
		`${meta.bytesReceived} B received`,
		`${meta.totalMs.toFixed(1)} ms`,
	].join(" · ");
}
