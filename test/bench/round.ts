import type { Contender } from "./contender.js";
import type { BulkResult } from "./measures/bulk.js";
import { coresApart } from "./placement.js";
import type { Usage } from "./usage.js";

/** How much of each thing one round does. */
export interface Effort {
	readonly rounds: number;
	readonly callsForMs: number;
	readonly roundTrips: number;
	readonly bulkBytes: number;
}

/** Calls in flight that are measured. */
export const IN_FLIGHT = [1, 32, 256] as const;

/** Everything measured of one contender in one round, by the name of the measure. */
export type Measured = ReadonlyMap<string, number>;

/** Measures one contender once. Throws if a byte arrived changed. */
export async function measure(
	{ client, middle, way }: Contender,
	effort: Effort,
): Promise<Measured> {
	const measured = new Map<string, number>();
	const callsPerSecond = (inFlight: number, forMs = effort.callsForMs) =>
		client.ask<number>("callsPerSecond", { inFlight, forMs });
	const roundTrip = () => client.ask<number>("roundTrip", effort.roundTrips);
	// The bulk of the round before has emptied their caches.
	await callsPerSecond(32, effort.callsForMs / 4);
	await coresApart(way, async () => {
		measured.set(`${callsAt(1)}, cores apart`, await callsPerSecond(1));
		measured.set("round trip, cores apart, ms", await roundTrip());
	});
	for (const inFlight of IN_FLIGHT)
		measured.set(callsAt(inFlight), await callsPerSecond(inFlight));
	measured.set("round trip, ms", await roundTrip());
	const before = await middle?.ask<Usage>("usage");
	const moved = await client.ask<BulkResult>("bulk", effort.bulkBytes);
	const after = await middle?.ask<Usage>("usage");
	if (moved.sent !== moved.received)
		throw new Error(
			`bytes changed on the way: sent ${moved.sent}, got ${moved.received}`,
		);
	measured.set("64 MiB to the far end, MB/s", moved.upload);
	measured.set("64 MiB from the far end, MB/s", moved.download);
	if (before && after) {
		const megabytes = (2 * effort.bulkBytes) / 1e6;
		measured.set(MIDDLE_CPU, (after.cpuMs - before.cpuMs) / megabytes);
		measured.set(MIDDLE_BYTES, (after.bytes - before.bytes) / 1024);
	}
	return measured;
}

/** The name of the measure of calls with so many in flight. */
export function callsAt(inFlight: number): string {
	return `calls/s, ${inFlight} in flight`;
}

/** CPU of the process in the middle for the bulk transfers. */
export const MIDDLE_CPU = "CPU in the middle, ms a payload MB";
/** Bytes in and out of the process in the middle for the bulk transfers. */
export const MIDDLE_BYTES = "through the middle for both, KiB";
