import { Child } from "../../support/child.js";
import { runJson } from "../../support/commands.js";
import { tempFolder } from "../../support/temp-folder.js";
import { program } from "../product/start-product.js";

/** Something that answers calls over HTTP, in processes of its own. */
export interface RestServer {
	readonly name: string;
	readonly port: number;
	readonly path: string;
	readonly headers: Readonly<Record<string, string>>;
	close(): Promise<void>;
}

/** Hono alone and hono with a process behind it: two names for one server. */
export async function startBareServers(): Promise<readonly RestServer[]> {
	const gateway = new Child(new URL("bare-gateway.ts", import.meta.url));
	const node = new Child(new URL("bare-node.ts", import.meta.url));
	const port = await gateway.ask<number>("port");
	await node.ask("connect", port);
	const close = async () => {
		await Promise.all([gateway.close(), node.close()]);
	};
	const common = { port, headers: {}, close };
	return [
		{ ...common, name: BARE_ECHO, path: "/echo" },
		{ ...common, name: BARE_THROUGH, path: "/through" },
	];
}

/** A gateway as on a public server, with keys and every limit on, and a node. */
export async function startRestProduct(): Promise<RestServer> {
	const folder = await tempFolder();
	const gateway = program("gateway.ts");
	const node = program("node.ts");
	const [nodeKey, key] = await Promise.all(
		["node", "client"].map((role) => createKey(role, folder.path)),
	);
	const url = await gateway.ask<string>("listen", {
		store: { path: folder.path },
		// A limit that is counted, and never met.
		limits: { callsPerMinute: 1_000_000_000 },
	});
	await node.ask("serve", { gateway: url, key: nodeKey });
	return {
		name: PRODUCT,
		port: Number(new URL(url).port),
		path: "/api/bench.same",
		headers: { authorization: `Bearer ${key}` },
		close: async () => {
			await Promise.all([gateway.close(), node.close()]);
			await folder.close();
		},
	};
}

async function createKey(role: string, data: string): Promise<string> {
	const args = ["key", "create", "--role", role, "--data", data];
	const [created] = await runJson<{ key: string }>("gateway", args);
	if (!created) throw new Error("no key was made");
	return created.key;
}

export const PRODUCT = "EasyRemote REST";
export const BARE_THROUGH = "bare pass-through";
export const BARE_ECHO = "bare hono echo";
