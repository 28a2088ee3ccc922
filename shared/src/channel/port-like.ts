import type { WireError } from "../errors/error-wire.js";
import { wireError } from "../protocol/wire-types.js";
import { object } from "../shapes/composed.js";
import { Mismatch } from "../shapes/mismatch.js";
import { either, oneOf, wholeNumber } from "../shapes/shape.js";

/** What a listener reads of an event. */
export interface PortEvent {
	readonly type: string;
	readonly data?: unknown;
}

/** The part of a MessagePort that is used here; a Worker, or the scope inside one, has it but for `start` and `close`. */
export interface PortLike {
	postMessage(message: unknown, transfer?: ArrayBuffer[]): void;
	/** Begins delivery of a MessagePort's messages. */
	start?: () => void;
	close?: () => void;
	addEventListener(type: string, listener: (event: PortEvent) => void): void;
	removeEventListener(type: string, listener: (event: PortEvent) => void): void;
}

/** What one end of a port channel says to the other. */
export type PortWord =
	| { readonly kind: "message"; readonly bytes: Uint8Array }
	/** So many bytes were taken. */
	| { readonly kind: "credit"; readonly bytes: number }
	/** Nothing follows. */
	| { readonly kind: "close"; readonly error: WireError | undefined }
	/** The answer to it: the port may go. */
	| { readonly kind: "closed" }
	| { readonly kind: "foreign" };

const credit = object({ credit: wholeNumber() });
const close = object({ close: either(oneOf(true), wireError) });
const closed = object({ closed: oneOf(true) });

/** Reads what came through a port: a Worker may run code that is not ours. */
export function portWord(data: unknown): PortWord {
	if (data instanceof Uint8Array) return { kind: "message", bytes: data };
	const given = credit(data);
	if (!(given instanceof Mismatch))
		return { kind: "credit", bytes: given.credit };
	const end = close(data);
	if (!(end instanceof Mismatch)) {
		const error = end.close === true ? undefined : end.close;
		return { kind: "close", error };
	}
	return { kind: closed(data) instanceof Mismatch ? "foreign" : "closed" };
}
