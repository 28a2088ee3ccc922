import type { FunctionInfo, NodeInfo } from "../../listing.js";
import { harmless } from "../table.js";
import { parameterList, schemaType } from "./schema-type.js";

/** What the declarations are made of. */
export interface Offer {
	readonly gateway: string;
	readonly functions: readonly FunctionInfo[];
	readonly nodes: readonly NodeInfo[];
}

/**
 * A TypeScript declaration file of everything that may be called: `Functions` for `client.any<Functions>()`, and `Nodes` for
 * `client.node<Nodes["gpu-1"]>("gpu-1")`. Functions without schemas take and give `unknown`.
 */
export function declarations({ gateway, functions, nodes }: Offer): string {
	return `// What may be called through ${harmless(gateway)}. Written by \`easyremote types\`: run it again when functions change.
//
//   const any = client.any<Functions>();
//   const one = client.node<Nodes["node-id"]>("node-id");

export interface Functions {
${functions.map(method).join("\n")}
}

export interface Nodes {
${nodes.map(node).join("\n")}
}`;
}

function method(each: FunctionInfo): string {
	const { name, description, input, output, stream } = each;
	const result = schemaType(output);
	const given = stream ? `AsyncGenerator<${result}, void>` : result;
	const comment = description ? `\t/** ${commented(description)} */\n` : "";
	return `${comment}\t${JSON.stringify(name)}(${parameterList(input)}): ${given};`;
}

function node({ id, functions }: NodeInfo): string {
	const names = functions.map(({ name }) => JSON.stringify(name)).join(" | ");
	return `\t${JSON.stringify(id)}: Pick<Functions, ${names || "never"}>;`;
}

/** A stranger's text, which must not end the comment it stands in. */
function commented(text: string): string {
	return harmless(text).replaceAll("*/", "*\\/");
}
