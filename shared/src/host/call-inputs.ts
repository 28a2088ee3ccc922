import type { EncodedValue } from "../codec/encoded-value.js";
import { EasyRemoteError } from "../errors/easyremote-error.js";
import { fromWireError, type WireError } from "../errors/error-wire.js";
import { InputStream } from "./input-stream.js";

/** The arguments of one call that arrive in pieces, by their position. */
export class CallInputs {
	readonly #streams = new Map<number, InputStream>();
	readonly #unfinished = new Set<InputStream>();

	constructor(positions: readonly number[]) {
		for (const position of positions) {
			const stream = new InputStream();
			this.#streams.set(position, stream);
			this.#unfinished.add(stream);
		}
	}

	/** Puts them where they belong. Throws INVALID_ARGUMENT for a position that the call does not have. */
	place(args: unknown[]): void {
		for (const [position, stream] of this.#streams) {
			if (
				!Number.isInteger(position) ||
				position < 0 ||
				position >= args.length
			) {
				throw new EasyRemoteError(
					"INVALID_ARGUMENT",
					`argument ${position} is announced as a stream, but the call has ${args.length} arguments`,
				);
			}
			args[position] = stream;
		}
	}

	/** Takes one piece; what belongs to no argument is thrown away. */
	push(
		position: number,
		value: EncodedValue | undefined,
		release: () => void,
	): void {
		const stream = this.#streams.get(position);
		if (stream) stream.push(value, release);
		else release();
	}

	/** One argument is complete, or its source failed. */
	end(position: number, error: WireError | undefined): void {
		const stream = this.#streams.get(position);
		if (!stream) return;
		this.#unfinished.delete(stream);
		if (error) stream.fail(fromWireError(error));
		else stream.end();
	}

	/** The caller has no more to say: arguments that are not complete will never be. */
	close(): void {
		this.#failUnfinished(
			new EasyRemoteError(
				"ABORTED",
				"the caller ended the call within an argument",
			),
		);
	}

	/** The call is over: nobody is to wait for pieces any more, and what comes is thrown away. */
	fail(reason: EasyRemoteError | undefined): void {
		this.#failUnfinished(
			reason ?? new EasyRemoteError("CANCELLED", "the call is over"),
		);
	}

	#failUnfinished(error: EasyRemoteError): void {
		for (const stream of this.#unfinished) stream.fail(error);
		this.#unfinished.clear();
	}
}
