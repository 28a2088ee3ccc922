import type { EasyRemoteError } from "../errors/easyremote-error.js";
import { toEasyRemoteError } from "../errors/error-wire.js";
import type { ErrorCode } from "../errors/error-codes.js";
import type { Link } from "../link/link.js";
import type { FunctionDescriptor } from "../protocol/provider.js";
import type { CancelTimer, Clock } from "../time/clock.js";
import type { FunctionTable, TableChange } from "./function-table.js";

/** How long the gateway has to answer, ms. */
const ANSWER_TIMEOUT_MS = 10_000;
/** How long to wait after an answer that may be better next time, ms. */
const RETRY_MS = 1_000;
/** Largest batch of descriptors in one message, characters of JSON: well below the largest control message. */
const BATCH_CHARACTERS = 64 * 1024;

/** Refusals that will be the same next time. */
const FINAL: ReadonlySet<ErrorCode> = new Set<ErrorCode>([
	"INVALID_ARGUMENT",
	"UNAUTHENTICATED",
	"PERMISSION_DENIED",
	"ALREADY_EXISTS",
	"UNIMPLEMENTED",
]);

export interface RegistrationEvents {
	/** The gateway has taken everything that the table held when the connection came up. */
	registered(): void;
	/** It will not take a function, now or later. `late`: a function added while the rest was served already. */
	refused(error: EasyRemoteError, late: boolean): void;
}

/** Keeps the gateway's view of this node's functions equal to the table's, over all connections of a link. */
export class Registration {
	readonly #link: Link;
	readonly #table: FunctionTable;
	readonly #clock: Clock;
	readonly #events: RegistrationEvents;
	readonly #stopListening: () => void;
	#cancelRetry: CancelTimer | undefined;
	/** Counts connections, so that an answer of an older one means nothing. */
	#connection = 0;
	#announced = false;

	constructor(
		link: Link,
		table: FunctionTable,
		clock: Clock,
		events: RegistrationEvents,
	) {
		this.#link = link;
		this.#table = table;
		this.#clock = clock;
		this.#events = events;
		this.#stopListening = table.listen((change) => this.#changed(change));
	}

	/** A new connection is up: the gateway knows nothing of us there. */
	begin(): void {
		this.#connection += 1;
		this.#announced = true;
		void this.#announceAll(this.#connection);
	}

	/** The connection is gone. */
	lost(): void {
		this.#connection += 1;
		this.#announced = false;
		this.#cancelRetry?.();
	}

	/** For good. */
	stop(): void {
		this.lost();
		this.#stopListening();
	}

	/** Never rejects. */
	async #announceAll(connection: number): Promise<void> {
		try {
			await this.#announce(this.#table.describe());
			if (connection === this.#connection) this.#events.registered();
		} catch (error) {
			if (connection !== this.#connection) return;
			const reason = toEasyRemoteError(error);
			if (FINAL.has(reason.code)) this.#events.refused(reason, false);
			else {
				this.#cancelRetry = this.#clock.schedule(RETRY_MS, () => {
					void this.#announceAll(connection);
				});
			}
		}
	}

	async #announce(functions: readonly FunctionDescriptor[]): Promise<void> {
		const answers = inBatches(functions).map((batch) =>
			this.#link.request(
				"register_function",
				{ functions: batch },
				"function_registered",
				{ timeoutMs: ANSWER_TIMEOUT_MS },
			),
		);
		await Promise.all(answers);
	}

	#changed({ added, removed }: TableChange): void {
		if (!this.#announced) return;
		const connection = this.#connection;
		if (removed.length > 0) {
			this.#link.send("unregister_function", { names: [...removed] });
		}
		if (added.length === 0) return;
		this.#announce(added.map(({ descriptor }) => descriptor)).catch(
			(error: unknown) => {
				if (connection !== this.#connection) return;
				this.#events.refused(toEasyRemoteError(error), true);
			},
		);
	}
}

/** Cuts a list so that each message stays small; a node without functions says so too. */
function inBatches(
	functions: readonly FunctionDescriptor[],
): FunctionDescriptor[][] {
	let batch: FunctionDescriptor[] = [];
	const batches = [batch];
	let characters = 0;
	for (const descriptor of functions) {
		const size = JSON.stringify(descriptor).length;
		if (batch.length > 0 && characters + size > BATCH_CHARACTERS) {
			batch = [];
			batches.push(batch);
			characters = 0;
		}
		batch.push(descriptor);
		characters += size;
	}
	return batches;
}
