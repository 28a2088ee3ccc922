import { EasyRemoteError } from "@easyremote/shared/errors";
import type { FunctionDescriptor } from "@easyremote/shared/protocol";
import type { BrowserNodeState, BrowserNodeStats } from "../node-facts.js";
import type { CallEntry } from "./call-log.js";
import { formatBytes, formatDuration } from "./format-figures.js";

const STATUS: Record<BrowserNodeState, string> = {
	stopped: "Stopped",
	starting: "Starting workers",
	connecting: "Connecting to the gateway",
	online: "Online and callable",
	stopping: "Stopping",
};

const OUTCOME: Record<CallEntry["outcome"], string> = {
	running: "running",
	done: "done",
	failed: "failed",
	cancelled: "cancelled",
};

/** The element with that id. Throws if the page lacks it. */
export function element<T extends HTMLElement>(
	id: string,
	kind: new () => T,
): T {
	const found = document.getElementById(id);
	if (found instanceof kind) return found;
	throw new Error(`the page has no ${kind.name} #${id}`);
}

/** Shows in words and colour how the node is. */
export function showState(state: BrowserNodeState): void {
	document.body.dataset["phase"] = state === "starting" ? "connecting" : state;
	element("status", HTMLElement).textContent = STATUS[state];
	const toggle = element("toggle", HTMLButtonElement);
	toggle.textContent = state === "stopped" ? "Start" : "Stop";
	toggle.disabled = state === "stopping";
	element("settings", HTMLFieldSetElement).disabled = state !== "stopped";
	element("settings-hint", HTMLElement).hidden = state === "stopped";
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
		"calls-running",
		stats.queued > 0
			? `${stats.running}, ${stats.queued} waiting`
			: `${stats.running}`,
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

/** Lists what callers may call. */
export function showFunctions(functions: readonly FunctionDescriptor[]): void {
	element("functions-empty", HTMLElement).hidden = functions.length > 0;
	element("functions", HTMLElement).replaceChildren(
		...functions.map((descriptor) => {
			const item = document.createElement("li");
			item.append(textElement("code", descriptor.name));
			if (descriptor.stream) item.append(textElement("span", "stream", "kind"));
			if (descriptor.description)
				item.append(textElement("p", descriptor.description));
			return item;
		}),
	);
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
				textElement("td", OUTCOME[entry.outcome]),
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

/** Changes a text only when it differs, so that screen readers and selections are left alone. */
export function write(id: string, text: string): void {
	const target = element(id, HTMLElement);
	if (target.textContent !== text) target.textContent = text;
}

function textElement(
	tag: string,
	text: string,
	className?: string,
): HTMLElement {
	const created = document.createElement(tag);
	created.textContent = text;
	if (className !== undefined) created.className = className;
	return created;
}
