import type { EncodedValue } from "../../codec/encoded-value.js";
import { decodeValue, encodeValue } from "../../codec/value-codec.js";
import { EasyRemoteError } from "../../errors/easyremote-error.js";
import { fromWireError } from "../../errors/error-wire.js";
import type {
	CallHeader,
	CallMessageOf,
} from "../../protocol/call-messages.js";
import type {
	AcceptCall,
	CallEnd,
	CallEvents,
	PathInfo,
} from "../../session/call-end.js";

/** What a node says in a call, as the scripted caller wrote it down. */
export interface Said {
	readonly header: CallHeader;
	readonly value: unknown;
	readonly format: EncodedValue["format"] | undefined;
}

/** The caller's side of one call, without a session: for tests of what a node does. */
export class ScriptedCaller implements CallEnd {
	readonly number = 1;
	readonly path: PathInfo = { kind: "relay" };
	readonly bytesSent = 0;
	readonly sendTotal = undefined;
	readonly bytesReceived = 0;
	readonly incoming = { received: 0, total: 0 };
	readonly said: Said[] = [];
	/** Messages whose credit the node has given back. */
	released = 0;
	writable = true;
	ended = false;
	cancelled: EasyRemoteError | undefined;
	/** How many items of a stream fit before `writable` turns false. */
	room = Number.POSITIVE_INFINITY;
	readonly #events: CallEvents;

	constructor(accept: AcceptCall) {
		this.#events = accept(this);
	}

	/** Makes a call. Its options are added to the header. */
	call(
		name: string,
		args: unknown = [],
		options: Partial<CallMessageOf<"function_call">> & {
			readonly format?: EncodedValue["format"];
		} = {},
	): this {
		const { format, ...header } = options;
		this.#events.message(
			{
				type: "function_call",
				id: "call_1",
				function: name,
				attempt: 1,
				...header,
			},
			encodeValue(args, { format }),
			() => {
				this.released += 1;
			},
		);
		return this;
	}

	/** Sends a piece of a streamed argument. */
	input(index: number, value: unknown): void {
		this.#events.message(
			{ type: "input_data", index },
			encodeValue(value),
			() => {
				this.released += 1;
			},
		);
	}

	inputEnd(index: number): void {
		this.#events.message(
			{ type: "input_end", index },
			undefined,
			() => undefined,
		);
	}

	hangUp(): void {
		this.#events.ended();
	}

	/** Cancels, or loses every path. */
	fail(
		error = new EasyRemoteError("CANCELLED", "cancelled by the caller"),
	): void {
		this.#events.failed(error);
	}

	/** Makes room for more items. */
	drain(room: number): void {
		this.room += room;
		this.writable = true;
		this.#events.drained();
	}

	send(header: CallHeader, value?: EncodedValue): void {
		this.said.push({
			header,
			value: value && decodeValue(value),
			format: value?.format,
		});
		if (header.type !== "stream_data") return;
		this.room -= 1;
		if (this.room <= 0) this.writable = false;
	}

	end(): void {
		this.ended = true;
	}

	cancel(error: EasyRemoteError): void {
		this.cancelled ??= error;
	}

	/** The types of all that was said, in order. */
	get types(): string[] {
		return this.said.map(({ header }) => header.type);
	}

	/** The values of all messages of a type. */
	values(type: CallHeader["type"]): unknown[] {
		return this.said
			.filter(({ header }) => header.type === type)
			.map(({ value }) => value);
	}

	/** The result. Throws what the node reported, or that there is no answer yet. */
	get result(): unknown {
		const last = this.said.at(-1);
		if (last?.header.type === "error") throw fromWireError(last.header.error);
		if (last?.header.type === "function_response") return last.value;
		throw new Error(`no answer yet, only: ${this.types.join(", ")}`);
	}

	/** The error that the node answered with. */
	get error(): EasyRemoteError {
		const last = this.said.at(-1);
		if (last?.header.type === "error") return fromWireError(last.header.error);
		throw new Error("the call did not fail");
	}
}

/** Lets promise reactions run. */
export async function settle(): Promise<void> {
	for (let turn = 0; turn < 50; turn += 1) await Promise.resolve();
}
