import type { BrowserNode } from "../browser-node.js";
import { createBrowserNode } from "../create-browser-node.js";
import { tabIdentity } from "../tab-identity.js";
import { type CallEntry, updateCallLog } from "./call-log.js";
import {
	element,
	showCalls,
	showFunctions,
	showProblem,
	showState,
	showStats,
	write,
} from "./donate-view.js";

const toggle = element("toggle", HTMLButtonElement);
const workers = element("workers", HTMLInputElement);
const key = element("key", HTMLInputElement);
const direct = element("direct", HTMLInputElement);
const gateway = location.origin;

let node: BrowserNode | undefined;
let log: readonly CallEntry[] = [];

/** A node with the settings of the page, wired to it. Nothing runs before its `start`. */
function createNode(id: string): BrowserNode {
	const created = createBrowserNode({
		gateway,
		id,
		key: key.value.trim() || undefined,
		module: () =>
			new Worker(new URL("../worker/demo-worker.js", import.meta.url), {
				type: "module",
			}),
		maxConcurrent: workers.valueAsNumber,
		direct: direct.checked,
		tags: ["tab", "demo"],
	});
	created.addEventListener("state", ({ state, error }) => {
		showState(state);
		showProblem(error);
		showFunctions(created.functions);
		write("snippet", snippet(id));
		element("try", HTMLElement).hidden = state !== "online";
	});
	created.addEventListener("call", ({ call }) => {
		log = updateCallLog(log, call);
		showCalls(log);
	});
	created.addEventListener("error", ({ error }) => showProblem(error));
	return created;
}

async function start(): Promise<void> {
	showProblem(undefined);
	toggle.disabled = true;
	const id = await tabIdentity();
	write("node-id", id);
	node = createNode(id);
	await node.start();
}

async function stop(running: BrowserNode): Promise<void> {
	await running.stop();
	showStats(running.stats);
	if (node === running) node = undefined;
}

function report(error: unknown): void {
	showState("stopped");
	showProblem(error instanceof Error ? error : new Error(String(error)));
	node = undefined;
}

/** What to paste into a terminal to call this tab. */
function snippet(id: string): string {
	return [
		`npx easyremote call ${id}.countPrimes 1000000 --gateway ${gateway}`,
		`curl -s ${gateway}/api/${id}.countPrimes -H "content-type: application/json" -d '{"args":[1000000]}'`,
	].join("\n");
}

function showWorkers(): void {
	write("workers-value", `${workers.value} of ${workers.max}`);
}

function prepare(): void {
	const cores = navigator.hardwareConcurrency || 2;
	workers.max = String(cores);
	workers.value = String(Math.max(1, cores - 1));
	showWorkers();
	write("gateway", location.host);
	showState("stopped");
	setInterval(() => {
		if (node) showStats(node.stats);
	}, 500);
}

toggle.addEventListener("click", () => {
	(node ? stop(node) : start()).catch(report);
});
workers.addEventListener("input", showWorkers);
element("options", HTMLFormElement).addEventListener("submit", (event) =>
	event.preventDefault(),
);
element("copy", HTMLButtonElement).addEventListener(
	"click",
	({ currentTarget }) => {
		const button = currentTarget as HTMLButtonElement;
		navigator.clipboard
			.writeText(element("snippet", HTMLElement).textContent)
			.then(
				() => (button.textContent = "Copied"),
				() => (button.textContent = "Select and copy by hand"),
			);
	},
);
prepare();
