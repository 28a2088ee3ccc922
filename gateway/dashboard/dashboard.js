// The gateway's front page: asks /api and /api/nodes and shows what they say.
// Everything that comes from a node is put in as a text node, never as markup.

const POLL_MS = 2_000;
const KEY_ITEM = "easyremote-key";

const element = (id) => document.getElementById(id);

async function ask(path) {
	const key = sessionStorage.getItem(KEY_ITEM);
	const response = await fetch(
		path,
		key ? { headers: { authorization: `Bearer ${key}` } } : {},
	);
	if (!response.ok)
		throw Object.assign(new Error((await response.json()).detail), {
			status: response.status,
		});
	return response.json();
}

function make(tag, text, className) {
	const made = document.createElement(tag);
	if (text) made.textContent = text;
	if (className) made.className = className;
	return made;
}

function nodeCard(node) {
	const card = make("li");
	card.append(make("b", node.id));
	const state = make("span", node.state, "state");
	state.dataset.state = node.state;
	card.append(state);
	const facts = [node.kind, node.direct ? "direct path" : "relay only"];
	if (node.latencyMs !== undefined)
		facts.push(`${node.latencyMs.toFixed(1)} ms`);
	card.append(make("p", facts.join(" · ")));
	const { running, queued, maxConcurrent } = node.load;
	card.append(
		make(
			"p",
			`${running} of ${maxConcurrent} running${queued ? `, ${queued} waiting` : ""}`,
		),
	);
	const bar = make("progress");
	bar.max = Math.max(maxConcurrent, 1);
	bar.value = running;
	bar.setAttribute("aria-label", `Load of ${node.id}`);
	card.append(bar);
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
	element("node-count").textContent = String(nodes.length);
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
});
document.addEventListener("visibilitychange", () => {
	if (!document.hidden) void refresh();
});

async function poll() {
	if (!document.hidden) await refresh();
	setTimeout(poll, POLL_MS);
}
void poll();
