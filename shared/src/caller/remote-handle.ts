import { NAME_PATTERN } from "../protocol/wire-types.js";
import type { Call } from "./call.js";
import type { CallOptions } from "./call-options.js";
import type { CallTarget } from "./call-request.js";

/** Makes one call. */
export type Invoke = (
	target: CallTarget,
	args: readonly unknown[],
	options: CallOptions | undefined,
) => Call<unknown>;

/** A function that runs elsewhere, as it is at run time; `RemoteFunction` gives it the types of the real one. */
export interface FunctionHandle {
	(...args: unknown[]): Call<unknown>;
	/** The same function, called with these options as well. */
	with(options: CallOptions): FunctionHandle;
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

/** A handle of one function. */
export function functionHandle(
	target: CallTarget,
	invoke: Invoke,
	options?: CallOptions,
): FunctionHandle {
	const call = (...args: unknown[]) => invoke(target, args, options);
	Object.defineProperty(call, "name", { value: target.function });
	return Object.assign(call, {
		with: (more: CallOptions) =>
			functionHandle(target, invoke, { ...options, ...more }),
	});
}

/**
 * A handle of a whole module: each property is a handle of the function of that name. Nothing is asked
 * of the network before a call.
 */
export function moduleHandle(
	place: Omit<CallTarget, "function">,
	invoke: Invoke,
): object {
	const functions = new Map<string, FunctionHandle>();
	return new Proxy(Object.freeze({}), {
		get(target, key): unknown {
			if (!isFunctionName(key)) return Reflect.get(target, key);
			let handle = functions.get(key);
			if (!handle) {
				handle = functionHandle({ ...place, function: key }, invoke);
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
