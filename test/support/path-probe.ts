// A caller that looks at the path its calls take. Runs in Node and, transpiled, in a page, which has volume.js too.
import type { Client, createClient } from "@easyremote/client";
import type * as Functions from "./functions.js";
import type * as Streams from "./volume.js";
import { pour, swallow, type Volume } from "./volume.js";

/** How one payload fared. */
export interface Echoed {
	/** Whether every byte came back, as the type that was sent. */
	readonly intact: boolean;
	readonly transport: string | undefined;
	readonly bytesSent: number;
}

/** The same, with small calls beside it. */
export interface EchoedBesideSmall extends Echoed {
	/** Small calls that were answered while it was on its way. */
	readonly small: number;
	/** Time of the slowest of them, ms. */
	readonly worstMs: number;
}

/** How a pair of paths is used. */
export type PathOption = "auto" | "direct" | "relay";

export interface ProbeOptions {
	readonly gateway: string;
	readonly nodeId: string;
}

/** Calls one node and says how each call got there. */
export class PathProbe {
	readonly client: Client;
	readonly #nodeId: string;

	constructor(create: typeof createClient, { gateway, nodeId }: ProbeOptions) {
		this.client = create({ gateway });
		this.#nodeId = nodeId;
	}

	/** The path of one tiny call. */
	async transport(): Promise<string | undefined> {
		const { value, meta } = await this.#node.add(1, 2).withMeta();
		if (value !== 3) throw new Error(`1 + 2 came back as ${value}`);
		return meta.transport;
	}

	/** Calls until one takes the direct path; gives the kind of candidate in use. */
	async untilDirect(): Promise<string | undefined> {
		for (;;) {
			const { meta } = await this.#node.add(1, 2).withMeta();
			if (meta.transport === "direct") return meta.candidate;
			await new Promise((resolve) => setTimeout(resolve, 20));
		}
	}

	/**
	 * Sends pseudo-random bytes and compares what comes back, by their SHA-256.
	 *
	 * @param beside is done while they are on their way
	 */
	async echo(
		bytes: number,
		transport: PathOption,
		beside?: (call: Promise<unknown>) => Promise<void>,
	): Promise<Echoed> {
		const sent = noise(bytes);
		const before = await sha256(sent);
		const call = this.#node.echo.with({ transport })(sent).withMeta();
		await beside?.(call);
		const { value, meta } = await call;
		const intact =
			value instanceof Uint8Array &&
			value.constructor === Uint8Array &&
			value.length === bytes &&
			(await sha256(value as Uint8Array<ArrayBuffer>)) === before;
		return { intact, transport: meta.transport, bytesSent: meta.bytesSent };
	}

	/** Sends one value of each kind that JavaScript has; names those that came back as something else. */
	async mangledKinds(transport: PathOption): Promise<readonly string[]> {
		const mangled: string[] = [];
		for (const [name, value] of Object.entries(kinds())) {
			const back = await this.#node.echo.with({ transport })(value);
			if (describe(back) !== describe(value))
				mangled.push(`${name}: ${describe(value)} became ${describe(back)}`);
		}
		return mangled;
	}

	/** Echoes a large payload, and makes small calls one after the other for as long as it is on its way. */
	async echoBesideSmall(
		bytes: number,
		transport: PathOption,
	): Promise<EchoedBesideSmall> {
		let small = 0;
		let worstMs = 0;
		const echoed = await this.echo(bytes, transport, async (large) => {
			let moving = true;
			const isMoving = (): boolean => moving;
			const stop = (): void => {
				moving = false;
			};
			large.then(stop, stop);
			while (isMoving()) {
				const started = performance.now();
				await this.#node.add.with({ transport })(small, 1);
				if (!isMoving()) break;
				worstMs = Math.max(worstMs, performance.now() - started);
				small += 1;
				await new Promise((resolve) => setTimeout(resolve, 5));
			}
		});
		return { ...echoed, small, worstMs };
	}

	/** Streams so many bytes to the node, or from it; gives what arrived. */
	async stream(
		direction: "up" | "down",
		bytes: number,
		transport: PathOption,
	): Promise<Volume> {
		const node = this.client.node<typeof Streams>(this.#nodeId);
		const options = { transport, timeout: "10m" };
		return direction === "up"
			? node.swallow.with(options)(pour(bytes))
			: swallow(node.pour.with(options)(bytes));
	}

	close(): Promise<void> {
		return this.client.close();
	}

	get #node() {
		return this.client.node<typeof Functions>(this.#nodeId);
	}
}

/** Bytes without a pattern that a mistake in assembly could leave unchanged (xorshift32). */
function noise(length: number): Uint8Array<ArrayBuffer> {
	const words = new Uint32Array(Math.ceil(length / 4));
	let state = (length % 0xfffffff) + 0x9e3779b9;
	for (let index = 0; index < words.length; index += 1) {
		state ^= state << 13;
		state ^= state >>> 17;
		state ^= state << 5;
		words[index] = state;
	}
	return new Uint8Array(words.buffer, 0, length).slice();
}

async function sha256(bytes: Uint8Array<ArrayBuffer>): Promise<string> {
	const hash = await crypto.subtle.digest("SHA-256", bytes);
	return Array.from(new Uint8Array(hash), (byte) => byte.toString(16)).join(
		"-",
	);
}

function kinds(): Record<string, unknown> {
	return {
		map: new Map<unknown, unknown>([
			["a", 1],
			[2, new Date(5)],
		]),
		set: new Set([1, "two"]),
		date: new Date(1_700_000_000_123),
		float32: new Float32Array([1.5, -2.25]),
		float64: new Float64Array([Math.PI]),
		int8: new Int8Array([-1]),
		int16: new Int16Array([-300]),
		int32: new Int32Array([-70_000]),
		uint16: new Uint16Array([65_535]),
		uint32: new Uint32Array([4_294_967_295]),
		bigInt64: new BigInt64Array([-5n]),
		clamped: new Uint8ClampedArray([1, 255]),
		buffer: new Uint8Array([1, 2, 3]).buffer,
		largeFloats: new Float32Array(100_000).fill(0.5),
		bigInt: 12_345_678_901_234_567_890n,
		regExp: /a+b/giu,
		nothing: undefined,
		nothingAtAll: null,
		nan: Number.NaN,
		text: "grüße, 世界 🌍",
		nested: {
			list: [1, [2, { three: new Map([["x", new Uint16Array([9])]]) }]],
		},
	};
}

/** A value's type and content, all the way down. */
function describe(value: unknown): string {
	if (typeof value !== "object" || value === null)
		return `${typeof value} ${String(value)}`;
	const name = value.constructor.name;
	if (value instanceof ArrayBuffer)
		return `${name}(${new Uint8Array(value).join()})`;
	if (ArrayBuffer.isView(value))
		return `${name}(${(value as Uint8Array).join()})`;
	if (value instanceof Date) return `${name}(${value.toISOString()})`;
	if (value instanceof RegExp) return `${name}(${String(value)})`;
	const parts =
		value instanceof Map || value instanceof Set
			? [...value.entries()]
			: Object.entries(value);
	return `${name}(${parts.map(([key, part]) => `${describe(key)}: ${describe(part)}`).join(", ")})`;
}
