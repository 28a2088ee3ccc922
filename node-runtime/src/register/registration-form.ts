import { EasyRemoteError } from "@easyremote/shared/errors";
import type { AnyFunction } from "@easyremote/shared/functions";
import type { MethodContext, RegisterOptions } from "./register.js";

/** What a call of `register` asks for. */
export type RegistrationForm =
	| {
			readonly kind: "function";
			readonly name: string;
			readonly callee: AnyFunction;
			readonly options: RegisterOptions;
	  }
	| {
			readonly kind: "functions";
			readonly functions: object;
			readonly options: RegisterOptions;
	  }
	| {
			readonly kind: "module";
			readonly url: URL;
			readonly options: RegisterOptions;
	  }
	| {
			readonly kind: "method";
			readonly method: AnyFunction;
			readonly context: MethodContext;
	  }
	| { readonly kind: "decorator"; readonly options: RegisterOptions };

const OPTION_KEYS: ReadonlySet<string> = new Set<keyof RegisterOptions>([
	"name",
	"description",
	"tags",
	"version",
	"input",
	"output",
	"timeout",
	"concurrency",
	"idempotent",
	"authRequired",
	"public",
	"cache",
	"resources",
	"isolate",
	"module",
]);

/** Options whose values may be callable: some libraries' schemas are functions. */
const SCHEMA_KEYS: ReadonlySet<string> = new Set(["input", "output"]);

/** Tells the ways of calling `register` apart. Throws INVALID_ARGUMENT for what is none of them. */
export function registrationForm(args: readonly unknown[]): RegistrationForm {
	const [first, second, third] = args;
	if (typeof first === "string" && isFunction(second)) {
		return {
			kind: "function",
			name: first,
			callee: second,
			options: optionsOf(third),
		};
	}
	if (first instanceof URL)
		return { kind: "module", url: first, options: optionsOf(second) };
	if (isFunction(first)) {
		return isDecoratorContext(second)
			? { kind: "method", method: first, context: methodContext(second) }
			: {
					kind: "function",
					name: first.name,
					callee: first,
					options: optionsOf(second),
				};
	}
	if (isObject(first)) {
		return second === undefined && isOptions(first)
			? { kind: "decorator", options: first }
			: { kind: "functions", functions: first, options: optionsOf(second) };
	}
	throw new EasyRemoteError(
		"INVALID_ARGUMENT",
		"register was given nothing that it could register",
		{
			hint: "pass a function, a name and a function, a module of functions or its URL, or use it as a method decorator",
		},
	);
}

/** An object is options, and not functions by name, if it has only options' keys and none of them holds a function. */
function isOptions(value: object): value is RegisterOptions {
	// An imported module is never options, whatever its exports are called.
	if (Object.prototype.toString.call(value) === "[object Module]") return false;
	return Object.entries(value).every(
		([key, inner]) =>
			OPTION_KEYS.has(key) &&
			(typeof inner !== "function" || SCHEMA_KEYS.has(key)),
	);
}

function optionsOf(value: unknown): RegisterOptions {
	if (value === undefined) return {};
	if (isObject(value)) return value;
	throw new EasyRemoteError(
		"INVALID_ARGUMENT",
		"the options of a registration are an object",
	);
}

function methodContext(context: { readonly kind: unknown }): MethodContext {
	if (isMethod(context)) return context;
	throw new EasyRemoteError(
		"INVALID_ARGUMENT",
		`register cannot decorate a ${String(context.kind)}`,
		{
			hint: "decorate methods with it",
		},
	);
}

function isMethod(context: {
	readonly kind: unknown;
}): context is MethodContext {
	return context.kind === "method";
}

/** What a decorator is given as its second argument (TC39 decorators, stage 3). */
function isDecoratorContext(
	value: unknown,
): value is { readonly kind: unknown } {
	return isObject(value) && "kind" in value && "addInitializer" in value;
}

function isFunction(value: unknown): value is AnyFunction {
	return typeof value === "function";
}

function isObject(value: unknown): value is object {
	return typeof value === "object" && value !== null;
}
