import * as v from "valibot";
import type { WireError } from "../errors/error-wire.js";
import { wireError } from "../protocol/wire-types.js";

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

const credit = v.object({
	credit: v.pipe(v.number(), v.integer(), v.minValue(0)),
});
const close = v.object({ close: v.union([v.literal(true), wireError]) });
const closed = v.object({ closed: v.literal(true) });

/** Reads what came through a port: a Worker may run code that is not ours. */
export function portWord(data: unknown): PortWord {
	if (data instanceof Uint8Array) return { kind: "message", bytes: data };
	if (v.is(credit, data)) return { kind: "credit", bytes: data.credit };
	if (v.is(close, data)) {
		const error = data.close === true ? undefined : data.close;
		return { kind: "close", error };
	}
	return { kind: v.is(closed, data) ? "closed" : "foreign" };
}
