import { randomBytes } from "node:crypto";
import { deferred } from "@easyremote/shared/async";
import { openWebSocket, wsSocket } from "@easyremote/shared/channel";
import {
	type FunctionEntry,
	functionEntry,
} from "@easyremote/shared/functions";
import { createHost, FunctionTable, ServedNode } from "@easyremote/shared/host";
import { gatewayLink, type Link } from "@easyremote/shared/link";
import {
	type BundleOffer,
	type Capabilities,
	type ControlMessage,
	PROTOCOL_VERSION,
} from "@easyremote/shared/protocol";
import {
	bundleFunctionName,
	createDonorKeys,
	donorId,
	proveDonor,
	publicDonorKey,
} from "@easyremote/shared/security";
import { systemClock } from "@easyremote/shared/time";
import { WebSocket } from "ws";

export interface FakeDonorOptions {
	/** Address of the gateway. */
	readonly gateway: string;
	/** What it runs for functions of these names, whatever bundle they are of; others it does not take. */
	readonly functions: Readonly<Record<string, (...args: never[]) => unknown>>;
	readonly nodeId?: string;
	/** Its key; a fresh one unless given. */
	readonly keys?: CryptoKeyPair;
	/** API key, where donors need one. */
	readonly credential?: string;
	readonly engine?: string;
	readonly capabilities?: Partial<Capabilities>;
	readonly maxConcurrent?: number;
	/** Whether it says that it has all code already. */
	readonly cached?: boolean;
}

const CAPABILITIES: Capabilities = {
	webgpu: false,
	simd: true,
	memoryBytes: 1e9,
	cores: 2,
};

/** A donor in this process: says what a donating tab says, and runs what a test gives it in place of published code. */
export class FakeDonor {
	/** Thumbprint of its key. */
	readonly id: string;
	readonly nodeId: string;
	/** Names of the functions it ran, in order. */
	readonly ran: string[] = [];
	readonly #options: FakeDonorOptions;
	readonly #keys: CryptoKeyPair;
	readonly #instance = randomBytes(16).toString("base64url");
	readonly #table = new FunctionTable();
	readonly #link: Link;
	readonly #node: ServedNode;
	readonly #sockets = new Set<WebSocket>();
	readonly #offered = deferred();

	private constructor(
		id: string,
		keys: CryptoKeyPair,
		options: FakeDonorOptions,
	) {
		this.id = id;
		this.#keys = keys;
		this.#options = options;
		this.nodeId = options.nodeId ?? `tab-${randomBytes(3).toString("hex")}`;
		const host = createHost({
			nodeId: this.nodeId,
			table: this.#table,
			limits: { maxConcurrent: options.maxConcurrent ?? 2 },
		});
		this.#link = this.#connect(() => host.load);
		this.#link.listen({ control: (message) => this.#hear(message) });
		this.#node = new ServedNode({ link: this.#link, host });
	}

	/** A donor that is connected, and has registered what is published by now. */
	static async start(options: FakeDonorOptions): Promise<FakeDonor> {
		const keys = options.keys ?? (await createDonorKeys());
		const id = await donorId(await publicDonorKey(keys));
		const donor = new FakeDonor(id, keys, options);
		await donor.#node.registered;
		await donor.#offered.promise;
		// Once more, to hear when it is done.
		const functions = donor.#table.names.map(
			(name) => donor.#table.get(name).descriptor,
		);
		await donor.#link.request(
			"register_function",
			{ functions },
			"function_registered",
		);
		return donor;
	}

	/** Goes without a word, as a tab that crashes. */
	vanish(): void {
		for (const socket of this.#sockets) socket.terminate();
		void this.#node.close({ drainTimeoutMs: 0 });
	}

	close(): Promise<void> {
		return this.#node.close({ drainTimeoutMs: 0 });
	}

	#connect(load: () => ReturnType<typeof createHost>["load"]): Link {
		const { gateway, credential, engine, capabilities } = this.#options;
		const url = new URL(`/nodes/${this.nodeId}`, gateway);
		let proof: Awaited<ReturnType<typeof proveDonor>> | undefined;
		return gatewayLink({
			url: url.href.replace(/^http/, "ws"),
			openSocket: async (address, signal) => {
				proof = await proveDonor(this.#keys, {
					host: url.host,
					nodeId: this.nodeId,
					instance: this.#instance,
					signedAt: Date.now(),
				});
				return openWebSocket((to) => this.#socket(to), address, signal);
			},
			hello: () => ({
				version: PROTOCOL_VERSION,
				role: "node",
				agent: "fake-donor/1",
				credential,
				instance: this.#instance,
				nodeId: this.nodeId,
				node: {
					kind: "donor",
					tags: ["donor"],
					direct: false,
					load: load(),
					engine: engine ?? "chromium-156-x86_64",
					capabilities: { ...CAPABILITIES, ...capabilities },
					donor: proof,
				},
			}),
			load,
			clock: systemClock,
			random: Math.random,
		});
	}

	#socket(address: string) {
		return wsSocket((options) => {
			const socket = new WebSocket(address, options);
			this.#sockets.add(socket);
			socket.on("close", () => this.#sockets.delete(socket));
			return socket;
		}, address);
	}

	#hear(message: ControlMessage): void {
		if (message.type === "bundles") this.#take(message.payload.bundles);
	}

	/** Its table becomes what of the offers it takes. */
	#take(offers: readonly BundleOffer[]): void {
		const entries = offers.flatMap((offer) => this.#entries(offer));
		const names = new Set(entries.map(({ name }) => name));
		this.#table.remove(this.#table.names.filter((name) => !names.has(name)));
		this.#table.add(entries.filter(({ name }) => !this.#table.find(name)));
		this.#offered.resolve();
	}

	#entries({ name: bundle, version, functions }: BundleOffer): FunctionEntry[] {
		const { functions: mine, cached } = this.#options;
		return functions.flatMap((descriptor) => {
			const run = mine[descriptor.name];
			if (!run) return [];
			const name = bundleFunctionName(bundle, version, descriptor.name);
			const counted = (...args: never[]) => {
				this.ran.push(name);
				return run(...args);
			};
			const { idempotent, authRequired } = descriptor;
			const entry = functionEntry(descriptor.name, counted, {
				idempotent,
				authRequired,
				public: descriptor.public,
			});
			return [{ ...entry, name, descriptor: { ...descriptor, name, cached } }];
		});
	}
}
