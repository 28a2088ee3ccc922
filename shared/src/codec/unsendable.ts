import { EasyRemoteError } from "../errors/easyremote-error.js";

/** A class whose instances hold nothing that can be sent. */
export interface Unsendable {
	readonly Class: abstract new (...args: never[]) => unknown;
	readonly what: string;
	/** What to do instead. */
	readonly hint: string;
}

/**
 * What an encoder would silently turn into `{}`. These are mistakes, a forgotten `await` above all, so they are
 * refused by name.
 */
export const UNSENDABLE: readonly Unsendable[] = [
	{
		Class: instancesOf(parent(parent([].values()))),
		what: "an iterator",
		hint: "spread it into an array",
	},
	{
		Class: instancesOf(parent(parent(asyncGenerator.prototype))),
		what: "an async iterable inside a value",
		hint: "make it an argument of its own",
	},
	{
		Class: ReadableStream,
		what: "a stream inside a value",
		hint: "make it an argument of its own",
	},
	{ Class: Blob, what: "a Blob", hint: "send `await blob.arrayBuffer()`" },
	{ Class: WeakRef, what: "a WeakRef", hint: "send what it refers to" },
	{ Class: WeakSet, what: "a WeakSet", hint: "send a Set" },
	{ Class: WeakMap, what: "a WeakMap", hint: "send a Map" },
	{ Class: Promise, what: "a Promise", hint: "await it first" },
	{ Class: Function, what: "a function", hint: "send what it returns" },
];

/** Throws INVALID_ARGUMENT if `value` is one of those, or a symbol. */
export function refuseUnsendable(value: unknown): void {
	if (typeof value === "symbol")
		throw new EasyRemoteError("INVALID_ARGUMENT", "a symbol cannot be sent");
	for (const { Class, what, hint } of UNSENDABLE) {
		if (value instanceof Class) {
			throw new EasyRemoteError("INVALID_ARGUMENT", `${what} cannot be sent`, {
				hint,
			});
		}
	}
}

async function* asyncGenerator() {}

function parent(object: unknown): object {
	return Object.getPrototypeOf(object) as object;
}

/** A class, for `instanceof`, of all that inherits from `prototype`. */
function instancesOf(prototype: object): Unsendable["Class"] {
	const inheriting = function () {} as unknown as Unsendable["Class"];
	Object.defineProperty(inheriting, "prototype", { value: prototype });
	return inheriting;
}
