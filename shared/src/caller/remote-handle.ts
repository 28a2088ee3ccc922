import { NAME_PATTERN } from "../protocol/wire-types.js";
import { type ArgumentCheck, argumentCheck } from "./argument-check.js";
import type { Call } from "./call.js";
import type { CallOptions } from "./call-options.js";
import type { CallRequest, CallTarget } from "./call-request.js";
import type { MapOptions, MapRequest } from "./map/map-options.js";
import type { SpawnedJob } from "./spawn-payload.js";

/** What handles make their calls with. */
export interface Invoker {
	call(request: CallRequest): Call<unknown>;
	map(request: MapRequest): AsyncIterableIterator<unknown>;
	spawn(request: CallRequest): Promise<SpawnedJob>;
}

/** A function that runs elsewhere, as it is at run time; `RemoteFunction` gives it the types of the real one. */
export interface FunctionHandle {
	(...args: unknown[]): Call<unknown>;
	/** The same function, called with these options as well. */
	with(options: CallOptions): FunctionHandle;
	/** Calls the function once for each input. */
	map(
		inputs: MapRequest["inputs"],
		options?: MapOptions,
	): AsyncIterableIterator<unknown>;
	/** Starts a call that outlives this process. */
	spawn(...args: unknown[]): Promise<SpawnedJob>;
}

/**
 * Properties that programs and runtimes read of any object. Above all `then`: awaiting a handle must
 * not call a function of that name. Functions with such names are reached by `remote("node.then")`.
 */
const NOT_REMOTE: ReadonlySet<string> = new Set([
	"then",
	"catch",
	"finally",
	"constructor",
	"prototype",
	"toJSON",
	"toString",
	"toLocaleString",
	"valueOf",
	"inspect",
	"__proto__",
]);

/** What a handle's calls have in common. */
export interface HandleOptions {
	readonly options?: CallOptions | undefined;
	readonly check?: ArgumentCheck | undefined;
}

/** A handle of one function. */
export function functionHandle(
	target: CallTarget,
	invoker: Invoker,
	{ options, check }: HandleOptions = {},
): FunctionHandle {
	const call = (...args: unknown[]) =>
		invoker.call({ target, input: { args }, options, check });
	Object.defineProperty(call, "name", { value: target.function });
	return Object.assign(call, {
		with: (more: CallOptions) =>
			functionHandle(target, invoker, {
				options: { ...options, ...more },
				check,
			}),
		spawn: (...args: unknown[]) =>
			invoker.spawn({ target, input: { args }, options, check }),
		map: (inputs: MapRequest["inputs"], mapOptions?: MapOptions) =>
			invoker.map({
				target,
				inputs,
				options: mapOptions,
				callOptions: options,
				check,
			}),
	});
}

/**
 * A handle of a whole module: each property is a handle of the function of that name. Nothing is asked
 * of the network before a call.
 *
 * @param contract the module itself, whose schemas then check arguments before a call leaves
 */
export function moduleHandle(
	place: Omit<CallTarget, "function">,
	invoker: Invoker,
	contract: object = {},
): object {
	const functions = new Map<string | symbol, FunctionHandle>();
	return new Proxy(Object.freeze({}), {
		get(target, key): unknown {
			let handle = functions.get(key);
			if (!handle) {
				if (!isFunctionName(key)) return Reflect.get(target, key);
				const check = argumentCheck(key, Reflect.get(contract, key));
				handle = functionHandle({ ...place, function: key }, invoker, {
					check,
				});
				functions.set(key, handle);
			}
			return handle;
		},
		has: (target, key) => isFunctionName(key) || Reflect.has(target, key),
	});
}

function isFunctionName(key: string | symbol): key is string {
	return (
		typeof key === "string" && !NOT_REMOTE.has(key) && NAME_PATTERN.test(key)
	);
}
