import type { Client } from "../../client.js";
import type { Output } from "../output.js";
import { declarations } from "./declarations.js";

/** `types`: a declaration file of what may be called. */
export async function types(client: Client, output: Output): Promise<void> {
	const [functions, nodes] = await Promise.all([
		client.functions(),
		client.nodes(),
	]);
	const { gateway } = client;
	const text = declarations({ gateway, functions, nodes });
	if (output.json) await output.value({ declarations: text });
	else await output.text(text);
}
