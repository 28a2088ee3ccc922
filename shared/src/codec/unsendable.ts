import { EasyRemoteError } from "../errors/easyremote-error.js";

/** Objects that hold nothing that can be sent. */
interface Unsendable {
	/** What all of them inherit from. */
	readonly prototype: object;
	readonly what: string;
	/** What to do instead. */
	readonly hint: string;
}

async function* asyncGenerator() {}

/**
 * What an encoder would silently turn into `{}`. These are mistakes, a forgotten `await` above all, so they are
 * refused by name.
 */
const UNSENDABLE: readonly Unsendable[] = [
	{
		prototype: parent(parent([].values())),
		what: "an iterator",
		hint: "spread it into an array",
	},
	{
		prototype: parent(parent(asyncGenerator.prototype)),
		what: "an async iterable inside a value",
		hint: "make it an argument of its own",
	},
	{
		prototype: ReadableStream.prototype,
		what: "a stream inside a value",
		hint: "make it an argument of its own",
	},
	{
		prototype: Blob.prototype,
		what: "a Blob",
		hint: "send `await blob.arrayBuffer()`",
	},
	{
		prototype: WeakRef.prototype,
		what: "a WeakRef",
		hint: "send what it refers to",
	},
	{ prototype: WeakSet.prototype, what: "a WeakSet", hint: "send a Set" },
	{ prototype: WeakMap.prototype, what: "a WeakMap", hint: "send a Map" },
	{ prototype: Promise.prototype, what: "a Promise", hint: "await it first" },
	{
		prototype: Function.prototype,
		what: "a function",
		hint: "send what it returns",
	},
];

/** Throws INVALID_ARGUMENT if `value` is one of those, or a symbol. */
export function refuseUnsendable(value: unknown): void {
	if (typeof value === "symbol")
		throw new EasyRemoteError("INVALID_ARGUMENT", "a symbol cannot be sent");
	for (const { prototype, what, hint } of UNSENDABLE) {
		if (Object.prototype.isPrototypeOf.call(prototype, value as object)) {
			throw new EasyRemoteError("INVALID_ARGUMENT", `${what} cannot be sent`, {
				hint,
			});
		}
	}
}

function parent(object: unknown): object {
	return Object.getPrototypeOf(object) as object;
}
