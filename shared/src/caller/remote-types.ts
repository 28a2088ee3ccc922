import type { Call } from "./call.js";
import type { CallOptions } from "./call-options.js";
import type { MapOptions, MapOutcome } from "./map/map-options.js";
import type { SpawnedJob } from "./spawn-payload.js";

/** Any function, as far as its type matters here. */
type AnyFunction = (...args: never[]) => unknown;

/** What a stream of type `V` gives item by item; never, where `V` is no stream. Strings and arrays are values. */
type ItemOf<V> =
	V extends AsyncIterable<infer Item>
		? Item
		: V extends Iterator<infer Item, unknown, never> & Iterable<unknown>
			? Item
			: never;

/** A call of a function that returns `R`: of its value, or of its items where that is a stream. */
export type RemoteCall<R> = unknown extends R
	? Call<R>
	: [ItemOf<Awaited<R>>] extends [never]
		? ValueCall<Awaited<R>>
		: StreamCall<ItemOf<Awaited<R>>>;

/** A call of a function that gives one value: a promise of it, with nothing to iterate. */
export type ValueCall<T> = Omit<
	Call<T, never>,
	keyof AsyncIterableIterator<never>
>;

/** A call of a generator: iterate it, or await it for an iterable of its items. */
export type StreamCall<Item> = Call<AsyncIterableIterator<Item>, Item>;

/**
 * The function `F` where it runs elsewhere: the same arguments, a call as the result. Nothing is known
 * here of generic type parameters and of overloads but the last.
 */
export interface RemoteFunction<F extends AnyFunction> {
	(...args: Parameters<F>): RemoteCall<ReturnType<F>>;
	/**
	 * The same function, called with these options as well.
	 *
	 * @example
	 * await gpu.resize.with({ timeout: "10s", signal })(bytes, { width: 64 });
	 */
	with(options: CallOptions): RemoteFunction<F>;
	/**
	 * Calls the function once for each input, at all nodes that offer it, as many at once as they have places for. Inputs are
	 * taken as they are needed. Leaving the loop cancels what runs.
	 *
	 * @example
	 * for await (const root of square.map([1, 2, 3], { concurrency: 8 })) console.log(root);
	 */
	map<Options extends MapOptions = MapOptions>(
		inputs: MapInputs<F>,
		options?: Options,
	): AsyncIterableIterator<
		Options extends { readonly onError: "yield" }
			? MapOutcome<Awaited<ReturnType<F>>>
			: Awaited<ReturnType<F>>
	>;
	/**
	 * Starts a call that outlives this process: a job, whose result the gateway keeps.
	 *
	 * @example
	 * const { id } = await gpu.train.spawn(10);
	 * const model = await client.job(id).result({ timeout: "1h" }); // here, or anywhere else
	 */
	spawn(...args: Parameters<F>): Promise<SpawnedJob>;
}

/** Each item is the only argument: a function that needs more cannot be mapped. */
type MapInputs<F extends AnyFunction> =
	[Parameters<F>[0]] extends Parameters<F>
		? Iterable<Parameters<F>[0]> | AsyncIterable<Parameters<F>[0]>
		: never;

/**
 * The functions of a module where it runs elsewhere, from the module's own type:
 * `client.node<typeof import("./functions.js")>("gpu-1")`. What is no function is left out.
 */
export type RemoteModule<M extends object> = {
	readonly [K in keyof M as M[K] extends AnyFunction
		? K
		: never]: M[K] extends AnyFunction ? RemoteFunction<M[K]> : never;
};
