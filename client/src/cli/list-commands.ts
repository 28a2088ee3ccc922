import type { Client } from "../client.js";
import type { FunctionInfo, NodeInfo } from "../listing.js";
import type { Output } from "./output.js";
import { table } from "./table.js";

/** `functions`: what may be called. */
export async function functions(client: Client, output: Output): Promise<void> {
	const all = await client.functions();
	if (output.json) {
		for (const each of all) await output.value(each);
	} else if (all.length === 0) {
		await output.note("No function may be called here now.");
	} else {
		const rows = all.map(functionRow);
		await output.text(
			table(["FUNCTION", "NODES", "KIND", "DESCRIPTION"], rows),
		);
	}
}

/** `nodes`: who may be called. */
export async function nodes(client: Client, output: Output): Promise<void> {
	const all = await client.nodes();
	if (output.json) {
		for (const { functions: offered, ...node } of all)
			await output.value({
				...node,
				functions: offered.map(({ name }) => name),
			});
	} else if (all.length === 0) {
		await output.note("No node may be called here now.");
	} else {
		const headings = ["NODE", "KIND", "STATE", "LOAD", "PATHS", "FUNCTIONS"];
		await output.text(table(headings, all.map(nodeRow)));
	}
}

function functionRow(each: FunctionInfo): readonly string[] {
	const kind = [
		each.stream ? "stream" : "value",
		...(each.idempotent ? ["idempotent"] : []),
		...(each.public ? ["public"] : []),
	];
	return [
		each.name,
		each.nodes.join(" "),
		kind.join(" "),
		each.description ?? "",
	];
}

function nodeRow({
	id,
	kind,
	state,
	load,
	direct,
	functions: offered,
}: NodeInfo): readonly string[] {
	return [
		id,
		kind,
		state,
		`${load.running}/${load.maxConcurrent}`,
		direct ? "relay direct" : "relay",
		offered.map(({ name }) => name).join(" "),
	];
}
