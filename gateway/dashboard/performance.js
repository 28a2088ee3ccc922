// How functions fare: asks /api/report, which only admins may read; for others there is nothing to see.

import { ask, element, make } from "./page.js";

const POLL_MS = 5_000;
/** Rows shown: those with most calls. */
const MOST_ROWS = 50;

const duration = (ms) =>
	ms === undefined
		? "—"
		: ms < 1_000
			? `${ms < 10 ? ms.toPrecision(2) : Math.round(ms)} ms`
			: `${(ms / 1_000).toPrecision(3)} s`;

function size(bytes) {
	const units = ["B", "kB", "MB", "GB", "TB"];
	let value = bytes;
	while (value >= 1_000 && units.length > 1) {
		value /= 1_000;
		units.shift();
	}
	return `${Number(value.toPrecision(3))} ${units[0]}`;
}

/** How much went which way, the most first. */
function ways(pathShare) {
	return Object.entries(pathShare)
		.filter(([, share]) => share > 0)
		.sort(([, left], [, right]) => right - left)
		.map(([path, share]) => `${Math.round(share * 100)} % ${path}`)
		.join(", ");
}

function row(each) {
	const made = make("tr");
	for (const text of [
		each.function,
		each.node,
		String(each.calls),
		String(each.errors),
		duration(each.p50Ms),
		duration(each.p95Ms),
		duration(each.p99Ms),
		size(each.bytesIn),
		size(each.bytesOut),
		ways(each.pathShare),
	])
		made.append(make("td", text));
	return made;
}

/** Replaces the rows only if they differ, so that a selection survives a poll. */
let shown = "";
function show(functions) {
	const now = JSON.stringify(functions);
	if (now === shown) return;
	shown = now;
	const calls = functions.reduce((sum, each) => sum + each.calls, 0);
	element("call-count").textContent = String(calls);
	element("call-figures").replaceChildren(
		...functions.slice(0, MOST_ROWS).map(row),
	);
}

let allowed = true;

async function refresh() {
	try {
		const { calls } = await ask("/api/report");
		show(calls.functions);
		element("performance").hidden = calls.functions.length === 0;
	} catch (error) {
		// That the gateway does not answer is told elsewhere on the page.
		allowed = error.status !== 401 && error.status !== 403;
		if (!allowed) element("performance").hidden = true;
	}
}

/** There is another key: it may be an admin's. */
export function askAgain() {
	allowed = true;
	void refresh();
}

async function poll() {
	if (allowed && !document.hidden) await refresh();
	setTimeout(poll, POLL_MS);
}
void poll();
