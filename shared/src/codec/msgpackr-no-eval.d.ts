/**
 * The part of msgpackr that the codec uses, in its build that never generates code. That build is a module of its
 * own: extensions registered in it are not seen by a program's other uses of msgpackr, and theirs not by us.
 */
declare module "msgpackr/index-no-eval" {
	interface PackrOptions {
		/** As a function: whether to write this object as a record. */
		readonly useRecords?: boolean | ((object: object) => boolean);
		readonly moreTypes?: boolean;
		readonly structuredClone?: boolean;
		readonly mapsAsObjects?: boolean;
		readonly variableMapSize?: boolean;
		readonly skipValues?: readonly unknown[];
		readonly encodeUndefinedAsNil?: boolean;
		readonly copyBuffers?: boolean;
		readonly int64AsType?: "bigint" | "number" | "string";
	}

	/** Where an extension writes: `position` is the first of the bytes asked for. */
	interface WriteTarget {
		readonly target: Uint8Array;
		readonly position: number;
	}

	interface PackExtension {
		readonly Class?: abstract new (...args: never[]) => unknown;
		readonly type?: number;
		pack?(
			this: Packr,
			value: never,
			allocate: (size: number) => WriteTarget,
		): Uint8Array | undefined;
		write?(this: Packr, value: never): unknown;
		unpack?(data: Uint8Array): unknown;
		read?(content: unknown): unknown;
	}

	export class Unpackr {
		constructor(options?: PackrOptions);
		unpack(bytes: Uint8Array): unknown;
	}

	export class Packr extends Unpackr {
		readonly useRecords?: boolean | ((object: object) => boolean);
		constructor(options?: PackrOptions);
		pack(value: unknown, mode?: number): Uint8Array;
		useBuffer(buffer: Uint8Array): void;
	}

	export const REUSE_BUFFER_MODE: number;
	export function addExtension(extension: PackExtension): void;
}
