import {
	type Client,
	type ClientOptions,
	createClient,
} from "@easyremote/client";
import {
	createGateway,
	type Gateway,
	type GatewayOptions,
} from "@easyremote/gateway";
import {
	createNode,
	type Node,
	type NodeOptions,
} from "@easyremote/node-runtime";

/** Whatever has to be closed at the end of a test. */
export interface Closeable {
	close(): Promise<void>;
}

/** Options of a node in a test: it takes work however busy the machine that runs the tests is. */
export const EAGER = { maxCpuUsage: 1, maxMemoryUsage: 1 } as const;

/** A gateway in this process, with everything a test attaches to it. One `close()` ends all, newest first. */
export class Network implements Closeable {
	readonly gateway: Gateway;
	readonly #owned: Closeable[] = [];

	private constructor(gateway: Gateway) {
		this.gateway = gateway;
		this.own(gateway);
	}

	/** A gateway that does not listen yet: routes may still be added to its app. */
	static prepare(options: GatewayOptions = {}): Network {
		return new Network(
			createGateway({ host: "127.0.0.1", port: 0, ...options }),
		);
	}

	/** Starts a gateway on a free loopback port. */
	static async start(options: GatewayOptions = {}): Promise<Network> {
		const network = Network.prepare(options);
		await network.listen();
		return network;
	}

	/** Opens the gateway of {@link Network.prepare}. */
	async listen(): Promise<void> {
		await this.gateway.listen();
	}

	get url(): string {
		return this.gateway.url;
	}

	/** A node of this gateway that serves a module's exports. */
	async node(
		functions: object,
		options: Partial<NodeOptions> = {},
	): Promise<Node> {
		const node = createNode({ gateway: this.url, ...EAGER, ...options });
		this.own(node);
		node.register(functions);
		await node.serve();
		return node;
	}

	/** A client of this gateway. */
	client(options: Partial<ClientOptions> = {}): Client {
		return this.own(createClient({ gateway: this.url, ...options }));
	}

	/** Hands something over, to be closed with the rest. */
	own<T extends Closeable>(thing: T): T {
		this.#owned.push(thing);
		return thing;
	}

	/** Hands something over that the gateway needs until its own end. */
	ownFirst(thing: Closeable): void {
		this.#owned.unshift(thing);
	}

	async close(): Promise<void> {
		for (const thing of this.#owned.splice(0).reverse()) await thing.close();
	}
}
