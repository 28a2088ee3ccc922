import type {
	AnyFunction,
	FunctionOptions,
} from "@easyremote/shared/functions";

/** Options of a registration: those of the functions, and where they come from. */
export interface RegisterOptions extends FunctionOptions {
	/**
	 * URL of the module that exports the function, where worker threads can load it from: `import.meta.url`.
	 * Needed for `isolate: "worker"`, unless the module is registered by its URL.
	 */
	readonly module?: string | URL | undefined;
}

/** What a method decorator is told of its method (TC39 decorators): the part that is used. */
export interface MethodContext {
	readonly kind: "method";
	readonly name: string | symbol;
	addInitializer(initializer: (this: unknown) => void): void;
}

/** Registers a method when its class is instantiated (or defined, if it is static). */
export type MethodDecorator = (
	method: AnyFunction,
	context: MethodContext,
) => void;

/** All the ways to register functions. Throws INVALID_ARGUMENT for a bad name or option, ALREADY_EXISTS for a name that is taken. */
export interface Register {
	/** `register("mul", (a, b) => a * b, { public: true })`: one function under a name. */
	(name: string, callee: AnyFunction, options?: RegisterOptions): void;
	/**
	 * `register(new URL("./functions.js", import.meta.url))`: all functions that the module exports, which worker threads
	 * can then load as well. TypeScript is compiled on the way. `serve` waits for it.
	 */
	(
		module: URL,
		options?: Omit<RegisterOptions, "name" | "module">,
	): Promise<readonly string[]>;
	/** `@node.register`: a method, called on the instance it was registered by. */
	(method: AnyFunction, context: MethodContext): void;
	/** `register(add, { concurrency: 8 })`: one function under its own name. */
	(callee: AnyFunction, options?: RegisterOptions): void;
	/** `@node.register({ timeout: "30s" })`: a method, with options. */
	(options: RegisterOptions): MethodDecorator;
	/** `register(functions)`: all functions of a module or object, under their keys. */
	(module: object, options?: Omit<RegisterOptions, "name">): void;
}
