import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { request } from "node:http";
import { isDeepStrictEqual } from "node:util";
import { type Client, createClient } from "@easyremote/client";
import { createNode, type Node } from "@easyremote/node-runtime";
import { expect } from "vitest";
import {
	type GatewayCommand,
	runJson,
	startGatewayCommand,
} from "./commands.js";
import * as common from "./functions.js";
import { EAGER } from "./network.js";
import { type TempFolder, tempFolder } from "./temp-folder.js";

/** What the node serves. */
const functions = {
	...common,
	/** Yields texts of 64 KiB, more than anybody's buffers hold. */
	async *flood(): AsyncGenerator<string> {
		for (let count = 0; count < 1_000; count += 1) yield "x".repeat(65_536);
	},
};

/** Limits low enough to be exceeded in a test, and an address that many attackers share. */
const LIMITS = {
	maxConnections: 1_200,
	maxConnectionsPerAddress: 1_200,
	maxBodyBytes: 1_048_576,
	stalledTimeoutMs: 1_000,
	keepAliveTimeoutMs: 300,
};

/** How long the traces of an attack may stay, ms: a socket has a second to answer our close, a stalled one somewhat more. */
const PATIENCE_MS = 10_000;

/** What of the report is the same whenever nothing is going on. */
interface Gauges {
	readonly sockets: object;
	readonly sessions: number;
	readonly routes: number;
	readonly http: {
		readonly connections: number;
		readonly running: number;
		readonly bodyBytes: number;
	};
}

/** A gateway in a process of its own that others attack, with a node and a client that must not notice. */
export class BesiegedGateway {
	readonly url: string;
	/** Of an admin. */
	readonly key: string;
	/** Of somebody who may call, but is nobody else. */
	readonly otherKey: string;
	/** Where its keys are. */
	readonly data: string;
	readonly #command: GatewayCommand;
	readonly #folder: TempFolder;
	readonly #node: Node;
	readonly #client: Client;
	#disconnects = 0;
	#baseline: Gauges | undefined;
	#logRead = 0;

	private constructor(
		command: GatewayCommand,
		folder: TempFolder,
		[key, otherKey]: readonly [string, string],
	) {
		this.url = command.url;
		this.key = key;
		this.otherKey = otherKey;
		this.data = folder.path;
		this.#command = command;
		this.#folder = folder;
		this.#node = createNode({ gateway: this.url, id: "worker", key, ...EAGER });
		this.#node.register(functions);
		this.#client = createClient({ gateway: this.url, key, retries: 0 });
		this.#client.addEventListener("state", () => {
			// The first that follows the first call would be the loss of its connection.
			if (this.#baseline) this.#disconnects += 1;
		});
	}

	static async start(
		limits: Readonly<Record<string, number>> = {},
	): Promise<BesiegedGateway> {
		const folder = await tempFolder();
		const config = join(folder.path, "gateway.json");
		const settings = { limits: { ...LIMITS, ...limits } };
		await writeFile(config, JSON.stringify(settings));
		const keys = [
			await createKey(folder.path, "--role", "admin"),
			await createKey(folder.path, "--role", "client"),
		] as const;
		const command = await startGatewayCommand([
			...["--port", "0", "--data", folder.path, "--config", config],
		]);
		const besieged = new BesiegedGateway(command, folder, keys);
		try {
			await besieged.#node.serve();
			await besieged.#warmUp();
			await besieged.expectHealthy();
			return besieged;
		} catch (error) {
			await besieged.close();
			throw error;
		}
	}

	/**
	 * That nobody else has noticed anything: the process is up, REST and a client's session work, the client was never
	 * disconnected, gauges are as they were before, and the log has no error.
	 */
	async expectHealthy(): Promise<void> {
		await this.expectServed();
		const baseline = (this.#baseline ??= await this.#settled());
		const until = performance.now() + PATIENCE_MS;
		let gauges = await this.gauges();
		while (!isDeepStrictEqual(gauges, baseline) && performance.now() < until)
			gauges = await this.gauges();
		expect(gauges).toEqual(baseline);
		expect(this.#disconnects).toBe(0);
		expect(this.#newErrors()).toEqual([]);
	}

	/** That the process is up, and calls succeed over REST and over a client's session, attack or not. */
	async expectServed(): Promise<void> {
		const { child } = this.#command;
		expect(child.running, child.stderr).toBe(true);
		const answer = await this.ask("POST", "/api/worker.add", {
			body: '{"args":[1,2]}',
			headers: { "content-type": "application/json" },
		});
		expect(answer).toEqual({ status: 200, text: '{"result":3}' });
		const worker = this.#client.node<typeof functions>("worker");
		expect(await worker.add.with({ transport: "relay" })(2, 3)).toBe(5);
	}

	/** The gauges of the report. */
	async gauges(): Promise<Gauges> {
		const { text } = await this.ask("GET", "/api/report");
		const { sockets, sessions, routes, http } = JSON.parse(text) as Gauges;
		const { connections, running, bodyBytes } = http;
		return {
			sockets,
			sessions,
			routes,
			http: { connections, running, bodyBytes },
		};
	}

	/** One request on a connection of its own, by the admin unless told. */
	ask(
		method: string,
		path: string,
		options: {
			readonly body?: string | Uint8Array;
			readonly headers?: Readonly<Record<string, string>>;
		} = {},
	): Promise<{ status: number; text: string }> {
		const { hostname, port } = new URL(this.url);
		const headers = {
			authorization: `Bearer ${this.key}`,
			connection: "close",
			...options.headers,
		};
		return new Promise((resolve, reject) => {
			const sent = request(
				{ hostname, port, path, method, headers, agent: false },
				(response) => {
					let text = "";
					response.setEncoding("utf8").on("data", (chunk: string) => {
						text += chunk;
					});
					response.once("end", () =>
						resolve({ status: response.statusCode ?? 0, text }),
					);
					response.once("error", reject);
				},
			);
			sent.once("error", reject).end(options.body);
		});
	}

	async close(): Promise<void> {
		await this.#client.close();
		await this.#node.close();
		await this.#command.child.close();
		await this.#folder.close();
	}

	/** Routes, once asked for, stay: so each function that attackers use is called once. */
	async #warmUp(): Promise<void> {
		for (const name of ["hang", "flood", "echo"])
			await this.ask("POST", `/api/worker.${name}`, {
				headers: { "x-easyremote-timeout": "20" },
			});
	}

	/** The gauges once they have stopped changing. */
	async #settled(): Promise<Gauges> {
		let last = await this.gauges();
		for (;;) {
			const next = await this.gauges();
			if (isDeepStrictEqual(next, last)) return next;
			last = next;
		}
	}

	/** What was logged since the last look that is worse than a warning (pino's 40). */
	#newErrors(): readonly string[] {
		const { stderr } = this.#command.child;
		const lines = stderr.slice(this.#logRead).split("\n");
		this.#logRead = stderr.length;
		return lines.filter((line) => {
			const level = /^\{"level":(\d+),/.exec(line)?.[1];
			return line !== "" && (level === undefined || Number(level) > 40);
		});
	}
}

/** Makes a key as an operator does. */
export async function createKey(
	data: string,
	...flags: readonly string[]
): Promise<string> {
	const [created] = await runJson<{ key: string }>("gateway", [
		"key",
		"create",
		...["--data", data, ...flags],
	]);
	if (!created) throw new Error("no key was printed");
	return created.key;
}
