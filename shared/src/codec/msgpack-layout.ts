/** Extension types in the MessagePack of values (PROTOCOL.md §6). */
export const EXTENSION = {
	undefined: 0x00,
	/** BigInt beyond 64 bits: two's complement, big-endian. */
	bigint: 0x42,
	/** Raw bytes that travel behind the body: kind, index, length. */
	attachment: 0x61,
	error: 0x65,
	/** Gives the next value an id. */
	referenced: 0x69,
	/** Stands for the value with that id. */
	referenceTo: 0x70,
	/** Keys of an object, and the id by which others of its shape refer to them. */
	record: 0x72,
	set: 0x73,
	/** Typed array, ArrayBuffer or DataView: kind, then bytes. */
	binary: 0x74,
	regexp: 0x78,
	timestamp: 0xff,
} as const;

/** The first of the bytes that stand for a record of a known shape; integers from here on have a longer form. */
export const FIRST_RECORD = 0x40;

/** Length of the id before a value that is referred to, bytes. */
export const NAME_BYTES = 6;

/** Binary from this size on leaves the body, bytes. */
export const ATTACHMENT_BYTES = 64 * 1024;

/** Length of what stands in the body for an attachment: kind, index (u32), length in bytes (f64). */
export const PLACEHOLDER_BYTES = 13;

/** Bytes of heap a decoded thing takes apart from its content; measured in Node 20, rounded up. */
export const HEAP_COST = {
	object: 56,
	field: 8,
	array: 32,
	element: 8,
	map: 200,
	entry: 40,
	string: 24,
	binary: 208,
	date: 112,
	/** Set, Error (the dearest, with its stack) or RegExp. */
	tagged: 600,
	definition: 300,
	key: 48,
	reference: 64,
} as const;
