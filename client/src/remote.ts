import type { CallOptions, RemoteFunction } from "@easyremote/shared/caller";
import {
	checkNodeId,
	functionHandle,
	parseReference,
} from "@easyremote/shared/caller";
import { EasyRemoteError } from "@easyremote/shared/errors";
import { defaultClient } from "./default-client.js";

type AnyFunction = (...args: never[]) => unknown;

/** Where a decorated method runs. */
export interface RemoteMethodOptions extends CallOptions {
	/** The node; absent, any that offers the function. */
	readonly node?: string;
	/** Name of the function; absent, the method's own. */
	readonly function?: string;
}

/** A standard (TC39) method decorator. */
type MethodDecorator = <This, Args extends unknown[], Result>(
	method: (this: This, ...args: Args) => Result,
	context: ClassMethodDecoratorContext<This>,
) => (this: This, ...args: Args) => Result;

/**
 * A function through the default client (see `configure`).
 *
 * @example
 * const sum = await remote<typeof Gpu.add>("gpu-1.add")(1, 2);
 */
export function remote<F extends AnyFunction = (...args: unknown[]) => unknown>(
	reference: string,
): RemoteFunction<F>;
/**
 * A method decorator: calls of the method run elsewhere, and its body never runs.
 *
 * @example
 * class Gpu { @remote({ node: "gpu-1" }) async add(a: number, b: number): Promise<number> { return a + b; } }
 */
export function remote(options: RemoteMethodOptions): MethodDecorator;
export function remote(what: string | RemoteMethodOptions): unknown {
	if (typeof what === "string") {
		return functionHandle(parseReference(what), {
			call: (request) => defaultClient().call(request),
			map: (request) => defaultClient().map(request),
			spawn: (request) => defaultClient().spawn(request),
		});
	}
	return decorate(what);
}

function decorate({ node, function: name, ...options }: RemoteMethodOptions) {
	const place = node === undefined ? {} : { node: checkNodeId(node) };
	return (_method: unknown, context: ClassMethodDecoratorContext) => {
		// Written in JavaScript, it may stand anywhere.
		if ((context.kind as string) !== "method") {
			throw new EasyRemoteError(
				"INVALID_ARGUMENT",
				"@remote is a decorator of methods",
			);
		}
		const { function: called } = parseReference(name ?? String(context.name));
		const target = { ...place, function: called };
		return (...args: unknown[]) =>
			defaultClient().call({ target, input: { args }, options });
	};
}
