// The gateway's front page: asks /api and /api/nodes and shows what they say.
// Everything that comes from a node is put in as a text node, never as markup.

import { ask, element, KEY_ITEM, make } from "./page.js";
import { askAgain } from "./performance.js";

const POLL_MS = 2_000;

const percent = (share) => `${Math.round(share * 100)} %`;
const gigabytes = (bytes) => `${(bytes / 1e9).toFixed(1)} GB`;

/** One line of a card: what is measured, a bar, and the figure. */
function gauge(name, share, figure) {
	const row = make("div", undefined, "gauge");
	const bar = make("progress");
	bar.max = 1;
	bar.value = Math.min(share, 1);
	bar.setAttribute("aria-label", name);
	if (share >= 0.9) bar.className = "high";
	row.append(make("span", name), bar, make("span", figure));
	return row;
}

function gauges({ load, resources }) {
	const { running, queued, maxConcurrent } = load;
	const waiting = queued > 0 ? `, ${queued} wait` : "";
	const rows = [
		gauge(
			"Calls",
			running / Math.max(maxConcurrent, 1),
			`${running} of ${maxConcurrent}${waiting}`,
		),
	];
	if (!resources) return rows;
	const { cpuUsage, cpuCount, memoryUsage, memoryBytes, gpus } = resources;
	const cores = `${cpuCount} ${cpuCount === 1 ? "core" : "cores"}`;
	rows.push(
		gauge("CPU", cpuUsage, `${percent(cpuUsage)} of ${cores}`),
		gauge(
			"Memory",
			memoryUsage,
			`${percent(memoryUsage)} of ${gigabytes(memoryBytes)}`,
		),
	);
	for (const gpu of gpus) {
		const figure = `${percent(gpu.memoryUsage)} of ${gigabytes(gpu.memoryBytes)}`;
		const row = gauge("GPU", gpu.memoryUsage, figure);
		row.title = gpu.name;
		rows.push(row);
	}
	return rows;
}

/** The ways that calls take to a node, and why not all of them are direct. */
function pathText({ direct, paths, latencyMs }) {
	const ping =
		latencyMs === undefined ? "" : `, ${latencyMs.toFixed(1)} ms away`;
	if (!paths || paths.direct + paths.relay === 0)
		return `${direct ? "Takes direct paths" : "Relay only"}${ping}`;
	const counts = [];
	if (paths.direct > 0) counts.push(`${paths.direct} direct`);
	if (paths.relay > 0) counts.push(`${paths.relay} by relay`);
	return `Paths: ${counts.join(", ")}${ping}`;
}

function stateLine(node) {
	const line = make("p");
	const state = make("span", node.state, "state");
	state.dataset.state = node.state;
	const since = new Date(node.since);
	const time = make("time", ` since ${since.toLocaleTimeString()}`);
	time.dateTime = node.since;
	time.title = since.toLocaleString();
	line.append(state, time);
	return line;
}

function nodeCard(node) {
	const card = make("li");
	card.dataset.state = node.state;
	card.append(make("b", node.id), stateLine(node));
	if (node.state !== "lost") {
		card.append(...gauges(node), make("p", pathText(node)));
		if (node.paths?.relay > 0 && node.paths.reason)
			card.append(make("p", node.paths.reason, "reason"));
	}
	const place = node.address ?? node.addressClass;
	const facts = [node.kind, node.version, place].filter(Boolean);
	card.append(make("p", facts.join(" · ")));
	if (node.tags.length > 0)
		card.append(make("p", node.tags.map((tag) => `#${tag}`).join(" ")));
	return card;
}

function functionRow(each) {
	const row = make("tr");
	const what = [each.description, each.stream ? "(stream)" : undefined]
		.filter(Boolean)
		.join(" ");
	row.append(
		make("td", each.name),
		make("td", each.nodes.join(", ")),
		make("td", what || "—"),
	);
	return row;
}

/** Replaces the children only if they differ, so that a selection or the focus survives a poll. */
let shown = "";
function show(nodes, functions) {
	const now = JSON.stringify([nodes, functions]);
	if (now === shown) return;
	shown = now;
	element("nodes").replaceChildren(...nodes.map(nodeCard));
	element("functions").replaceChildren(...functions.map(functionRow));
	element("node-count").textContent = String(
		nodes.filter(({ state }) => state !== "lost").length,
	);
	element("function-count").textContent = String(functions.length);
	element("no-nodes").hidden = nodes.length > 0;
	const example = functions.find((each) => !each.stream) ?? functions[0];
	element("call").hidden = !example;
	if (example) element("call-command").textContent = callCommand(example);
}

function callCommand(each) {
	const key = sessionStorage.getItem(KEY_ITEM)
		? ' -H "authorization: Bearer $EASYREMOTE_KEY"'
		: "";
	return `curl ${location.origin}/api/${each.name}${key} -H "content-type: application/json" -d '{"args": []}'`;
}

function status(text, state) {
	element("status").textContent = text;
	element("status").dataset.state = state;
}

async function refresh() {
	try {
		const [{ nodes }, { functions }] = await Promise.all([
			ask("/api/nodes"),
			ask("/api"),
		]);
		element("sign-in").hidden = true;
		show(nodes, functions);
		status("Live", "live");
	} catch (error) {
		if (error.status === 401) element("sign-in").hidden = false;
		status(
			error.status ? error.message : "The gateway does not answer",
			"down",
		);
	}
}

element("serve-command").textContent =
	`npx easyremote-node functions.js --gateway ${location.origin}`;
element("sign-in").addEventListener("submit", (event) => {
	event.preventDefault();
	sessionStorage.setItem(KEY_ITEM, element("key").value.trim());
	void refresh();
	askAgain();
});
document.addEventListener("visibilitychange", () => {
	if (!document.hidden) void refresh();
});

async function poll() {
	if (!document.hidden) await refresh();
	setTimeout(poll, POLL_MS);
}
void poll();
