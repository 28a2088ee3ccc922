import { toEasyRemoteError } from "@easyremote/shared/errors";
import type { PathReport } from "@easyremote/shared/peer";
import type { ClientRouteChange } from "../../client-events.js";
import { failedBy, type Finding, rounded, shownMs } from "./finding.js";
import {
	callProbe,
	measurePath,
	type PathSpeed,
	type ProbedPath,
} from "./path-speed.js";

/** Calls the node over the relay, and measures it. */
export async function checkRelay(
	path: Omit<ProbedPath, "transport">,
): Promise<Finding> {
	const relay: ProbedPath = { ...path, transport: "relay" };
	try {
		await callProbe(relay, 0, 0);
		return measured("relay", "open", await measurePath(relay), {});
	} catch (error) {
		path.signal.throwIfAborted();
		return failedBy("relay", toEasyRemoteError(error));
	}
}

/** Opens a direct path to the node and measures it, or says why there is none and what would help. */
export async function checkDirect(
	path: Omit<ProbedPath, "transport">,
): Promise<Finding> {
	const direct: ProbedPath = { ...path, transport: "direct" };
	const { client, node, signal } = path;
	let report: PathReport | undefined;
	const onRoute = ({ detail }: CustomEvent<ClientRouteChange>) => {
		if (detail.kind === "path" && detail.nodeId === node)
			report = detail.report ?? report;
	};
	client.addEventListener("route", onRoute);
	try {
		const begunAt = performance.now();
		const { meta } = await callProbe(direct, 0, 0).withMeta();
		const openMs = performance.now() - begunAt;
		const { candidate = "unknown" } = meta;
		return measured(
			"direct",
			`${candidate} candidate, open after ${shownMs(openMs)}`,
			await measurePath(direct),
			{ candidate, openMs: rounded(openMs), report },
		);
	} catch (error) {
		signal.throwIfAborted();
		const finding = failedBy("direct", toEasyRemoteError(error));
		return {
			...finding,
			fix: report?.fix ?? finding.fix,
			data: { report },
		};
	} finally {
		client.removeEventListener("route", onRoute as EventListener);
	}
}

function measured(
	check: "relay" | "direct",
	what: string,
	{ roundTripMs, upMBps, downMBps }: PathSpeed,
	data: Readonly<Record<string, unknown>>,
): Finding {
	const speed = `${upMBps.toFixed(1)} MB/s there, ${downMBps.toFixed(1)} MB/s back`;
	return {
		check,
		status: "ok",
		detail: `${what}, round trip ${shownMs(roundTripMs)}, ${speed}`,
		data: {
			...data,
			roundTripMs: rounded(roundTripMs),
			upMBps: rounded(upMBps),
			downMBps: rounded(downMBps),
		},
	};
}
