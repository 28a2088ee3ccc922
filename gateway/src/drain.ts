import { type Clock, pause } from "@easyremote/shared/time";
import type { LocalCallers } from "./http/local-callers.js";
import type { JobDesk } from "./jobs/job-desk.js";
import type { RunningCalls } from "./http/running-calls.js";
import type { Traffic } from "./observe/traffic.js";
import type { Registry } from "./registry/registry.js";
import type { Relay } from "./relay/relay.js";
import { DEVELOPER } from "./auth/principal.js";

/** How often it is looked whether calls still run, ms. */
const LOOK_MS = 100;
/** A node that has not said how busy it is by then will not, ms. */
const REPORT_PATIENCE_MS = 1_000;

export interface DrainOptions {
	readonly running: RunningCalls;
	readonly jobs: Pick<JobDesk, "whenIdle" | "halt">;
	readonly callers: LocalCallers;
	readonly relay: Relay;
	readonly registry: Registry;
	readonly traffic: Traffic;
	readonly clock: Clock;
	/** When to give up, ms from now. */
	readonly timeoutMs: number;
}

/**
 * Resolves when no call runs any more, or after the timeout. The gateway's own calls it counts; those of clients pass
 * it by unread, so it goes by what their nodes say in the heartbeats that `goaway` asks for, and by the relay's silence.
 */
export async function whenDrained(options: DrainOptions): Promise<void> {
	const { running, jobs, callers, clock, timeoutMs } = options;
	const deadline = clock.monotonic() + timeoutMs;
	const idle = Promise.all([running.whenIdle(), jobs.whenIdle()]);
	await Promise.race([idle, pause(clock, timeoutMs)]);
	jobs.halt();
	// Their sessions would look like somebody's calls.
	callers.close();
	await whenRelayIdle(options, deadline);
}

async function whenRelayIdle(
	{ relay, registry, traffic, clock }: DrainOptions,
	deadline: number,
): Promise<void> {
	const startedAt = clock.monotonic();
	const reported = new Set<string>();
	const stopListening = registry.listen(({ nodeId }) => {
		if (nodeId !== undefined) reported.add(nodeId);
	});
	try {
		for (let packets = -1; relay.size > 0 && clock.monotonic() < deadline; ) {
			const patient = clock.monotonic() - startedAt < REPORT_PATIENCE_MS;
			const silent = traffic.relayedPackets === packets;
			if (
				silent &&
				!(await anyBusy(
					relay,
					registry,
					(nodeId) => patient && !reported.has(nodeId),
				))
			)
				return;
			packets = traffic.relayedPackets;
			await pause(clock, LOOK_MS);
		}
	} finally {
		stopListening();
	}
}

/** Whether a node that somebody has a session to runs calls, or may do so for all we know. */
async function anyBusy(
	relay: Relay,
	registry: Registry,
	unknown: (nodeId: string) => boolean,
): Promise<boolean> {
	const inUse = new Set(relay.report().map(({ nodeId }) => nodeId));
	const nodes = await registry.list(DEVELOPER);
	return nodes.some(
		({ nodeId, load }) =>
			inUse.has(nodeId) &&
			(unknown(nodeId) || load.running > 0 || load.queued > 0),
	);
}
