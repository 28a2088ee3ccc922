import {
	type Client,
	type ClientOptions,
	createClient,
} from "@easyremote/client";
import type { GatewayOptions } from "@easyremote/gateway";
import { Child } from "./child.js";
import type * as Functions from "./functions.js";
import type { Closeable } from "./network.js";

const program = (name: string) =>
	new Child(new URL(`programs/${name}.ts`, import.meta.url));

/** A gateway and nodes, a process each, so that they can be killed; clients in this process. */
export class SeparateNetwork implements Closeable {
	gateway: Child;
	readonly url: string;
	readonly #port: number;
	readonly #options: GatewayOptions;
	readonly #owned: Closeable[] = [];

	private constructor(
		gateway: Child,
		{ url, port }: Listening,
		options: GatewayOptions,
	) {
		this.gateway = gateway;
		this.url = url;
		this.#port = port;
		this.#options = options;
	}

	/** @param options of the gateway; they go to its process, so plain data only */
	static async start(options: GatewayOptions = {}): Promise<SeparateNetwork> {
		const gateway = program("gateway");
		const listening = await listen(gateway, options);
		return new SeparateNetwork(gateway, listening, options);
	}

	/** A node process that serves functions.ts. */
	async node(id: string): Promise<Child> {
		const child = this.own(program("node"));
		await child.ask("serve", {
			gateway: this.url,
			id,
			reconnect: { min: 50, max: 200 },
		});
		return child;
	}

	client(options: Partial<ClientOptions> = {}): Client {
		return this.own(createClient({ gateway: this.url, ...options }));
	}

	/** A client for one path, connected to a node by it. */
	async connected(nodeId: string, transport: "relay" | "direct") {
		const client = this.client({ transport, retries: 0 });
		const node = client.node<typeof Functions>(nodeId);
		const { meta } = await node.add(1, 2).withMeta();
		if (meta.transport !== transport)
			throw new Error(`asked for ${transport}, got ${String(meta.transport)}`);
		return node;
	}

	/** Kills the gateway as a power cut would. */
	async killGateway(): Promise<void> {
		await this.gateway.close();
	}

	/** Starts a new one in its place. */
	async restartGateway(): Promise<void> {
		this.gateway = program("gateway");
		await listen(this.gateway, { ...this.#options, port: this.#port });
	}

	own<T extends Closeable>(thing: T): T {
		this.#owned.push(thing);
		return thing;
	}

	async close(): Promise<void> {
		for (const thing of this.#owned.splice(0).reverse()) await thing.close();
		await this.gateway.close();
	}
}

interface Listening {
	readonly url: string;
	readonly port: number;
}

function listen(gateway: Child, options: GatewayOptions): Promise<Listening> {
	return gateway.ask("listen", options);
}
