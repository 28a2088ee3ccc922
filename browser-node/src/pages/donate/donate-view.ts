import { EasyRemoteError } from "@easyremote/shared/errors";
import type {
	BrowserNodeStats,
	DonatedBundle,
	DonorState,
} from "../../node-facts.js";
import type { CallEntry } from "./call-log.js";
import type { Credit } from "./credit.js";
import { element, textElement, write } from "../element.js";
import { formatBytes, formatDuration } from "../format-figures.js";

const STATUS: Record<DonorState, string> = {
	stopped: "Stopped",
	starting: "Starting",
	connecting: "Connecting to the gateway",
	online: "Online, taking calls",
	paused: "Paused",
	stopping: "Stopping",
};

/** Shows in words and colour how the donor is, and which buttons make sense. */
export function showState(state: DonorState, pausedWhy: string): void {
	document.body.dataset["phase"] = state === "starting" ? "connecting" : state;
	write("status", state === "paused" ? `Paused ${pausedWhy}` : STATUS[state]);
	const toggle = element("toggle", HTMLButtonElement);
	toggle.textContent = state === "stopped" ? "Start" : "Stop";
	toggle.disabled = state === "stopping";
}

/** Shows the button that pauses and resumes by hand. */
export function showPauseButton(shown: boolean, byHand: boolean): void {
	const button = element("pause", HTMLButtonElement);
	button.hidden = !shown;
	button.textContent = byHand ? "Resume" : "Pause";
}

/** Shows what went wrong and what to do about it, or takes it away. */
export function showProblem(error: Error | undefined): void {
	const problem = element("problem", HTMLElement);
	problem.hidden = error === undefined;
	const hint = error instanceof EasyRemoteError ? error.hint : undefined;
	problem.textContent = [error?.message, hint]
		.filter((part) => part !== undefined)
		.join(". ");
}

/** Shows the figures of the activity panel. */
export function showStats(stats: BrowserNodeStats): void {
	const { bytes, sessions } = stats;
	const failed = stats.callsFailed > 0 ? ` (${stats.callsFailed} failed)` : "";
	write("calls-done", `${stats.callsDone}${failed}`);
	write(
		"running",
		stats.queued > 0
			? `${stats.running}, ${stats.queued} waiting`
			: `${stats.running}`,
	);
	write(
		"cpu",
		stats.cpuSeconds === 0 ? "0 s" : formatDuration(stats.cpuSeconds * 1000),
	);
	write("bytes-direct", formatBytes(bytes.direct.sent + bytes.direct.received));
	write("bytes-relay", formatBytes(bytes.relay.sent + bytes.relay.received));
	const paths = [
		...(sessions.direct > 0
			? [`direct${stats.candidate === undefined ? "" : ` ${stats.candidate}`}`]
			: []),
		...(sessions.relay > 0 ? ["relay"] : []),
	];
	write("path", paths.join(", ") || "no caller");
}

/** Shows what this donor has given in all its visits. */
export function showCredit(credit: Credit | undefined): void {
	const line = element("credit", HTMLElement);
	line.hidden = credit === undefined;
	if (credit)
		line.textContent = `In all visits: ${formatDuration(credit.cpuSeconds * 1000)} of CPU time, ${credit.validated} results found valid.`;
}

/** Lists what is published, and what of it runs here. */
export function showBundles(
	bundles: readonly DonatedBundle[],
	running: boolean,
): void {
	const empty = element("bundles-empty", HTMLElement);
	empty.hidden = bundles.length > 0;
	empty.textContent = running
		? "Nothing is published yet. What will be runs here by itself."
		: "Listed here once the tab has started.";
	element("bundles", HTMLElement).replaceChildren(...bundles.map(bundleItem));
}

function bundleItem(bundle: DonatedBundle): HTMLElement {
	const item = document.createElement("li");
	item.dataset["taken"] = String(bundle.taken);
	item.append(
		textElement("h3", `${bundle.name}@${bundle.version}`),
		textElement(
			"p",
			`For ${bundle.publisher}: ${bundle.functions.join(", ")}${bundle.cached ? " · kept here" : ""}`,
		),
	);
	if (bundle.description) item.append(textElement("p", bundle.description));
	if (bundle.why !== undefined)
		item.append(textElement("p", `Not run here: ${bundle.why}`, "why"));
	return item;
}

/** Lists the last calls. */
export function showCalls(log: readonly CallEntry[]): void {
	element("calls-empty", HTMLElement).hidden = log.length > 0;
	element("calls", HTMLElement).hidden = log.length === 0;
	element("calls-body", HTMLElement).replaceChildren(
		...log.map((entry) => {
			const row = document.createElement("tr");
			row.dataset["outcome"] = entry.outcome;
			row.append(
				textElement("td", entry.function),
				textElement("td", entry.caller),
				textElement("td", entry.outcome),
				textElement("td", entry.path ?? ""),
				textElement(
					"td",
					entry.runMs === undefined ? "" : formatDuration(entry.runMs),
					"number",
				),
			);
			return row;
		}),
	);
}
