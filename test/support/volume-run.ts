import { expect } from "vitest";
import { pour, swallow, type Volume } from "./volume.js";

export const MIB = 1024 ** 2;

/** More memory than this, and an end keeps what it should pass on; bytes. */
const MOST_MEMORY = 200 * MIB;

/** Ten minutes for one stream: a slow machine is no fault, ms. */
export const VOLUME_TIMEOUT = 600_000;

const asked = process.env["STREAM_MIB"];

/** Whether a run was asked for that may take its time. */
export const wholeVolume = asked !== undefined;

/** What is streamed each way, bytes: so many MiB, unless STREAM_MIB says otherwise. */
export function volumeBytes(mib: number): number {
	const wanted = Number(asked ?? mib);
	if (!Number.isInteger(wanted) || wanted < 1)
		throw new RangeError("STREAM_MIB is a number of MiB, from 1");
	return wanted * MIB;
}

/** What the far end of a stream got, and how. */
export interface Poured {
	readonly value: Volume;
	readonly meta: {
		readonly transport?: string | undefined;
		readonly totalMs: number;
	};
}

/** The processes that a stream went through, by what they are. */
export type Watched = Readonly<Record<string, { readonly risen: number }>>;

/** Prints how fast it was, and what it took. */
export function tellVolume(
	how: string,
	bytes: number,
	{ meta }: Poured,
	watched: Watched,
): void {
	const speed = (bytes / 1000 / meta.totalMs).toFixed(1);
	const memory = Object.entries(watched)
		.map(([name, { risen }]) => `${name} ${(risen / MIB).toFixed(0)} MiB`)
		.join(", ");
	process.stdout.write(
		`${how}: ${bytes / MIB} MiB at ${speed} MB/s; memory risen by: ${memory}\n`,
	);
}

/** Checks that every byte came by the right path, and that nobody kept them. */
export async function expectVolume(
	{ value, meta }: Poured,
	bytes: number,
	transport: string,
	watched: Watched,
): Promise<void> {
	expect(value).toEqual(await swallow(pour(bytes)));
	expect(meta.transport).toBe(transport);
	for (const [name, { risen }] of Object.entries(watched))
		expect(risen, `memory of the ${name}`).toBeLessThan(MOST_MEMORY);
}
