import type { FunctionCommand } from "../ports/function-port.js";
import { ItemRoom } from "./item-room.js";
import type { CallReport } from "./worker-call.js";

/** So many pieces of one input a function may have asked for before it got the first. */
const MAX_PULLS_AHEAD = 64;

type CallCommand = Extract<FunctionCommand, { type: "call" }>;

/** What a call's Worker may say of it now. Pure bookkeeping: knows both what it was told and what it has said. */
export class GuardedCall {
	/** Pieces asked for and not yet sent, by input. */
	readonly #pulls: Map<number, number>;
	#stream = false;
	readonly #room = new ItemRoom();
	/** Its result or failure has been told. */
	over = false;

	constructor(command: CallCommand) {
		this.#pulls = new Map(command.inputs.map((input) => [input, 0]));
	}

	/** Notes what the Worker is told. */
	told(command: Exclude<FunctionCommand, CallCommand>): void {
		if (command.type === "credit") this.#room.give(command);
		else if (command.type === "input_item" || command.type === "input_end")
			this.#pull(command.input, -1);
	}

	/** What is wrong with a report; undefined if nothing is. */
	objection(report: CallReport): string | undefined {
		switch (report.type) {
			case "progress":
			case "log":
				return undefined;
			case "input_pull":
				return this.#pull(report.input, 1) > MAX_PULLS_AHEAD
					? "it asked for too many pieces of a stream at once"
					: this.#unknownInput(report.input);
			case "input_return":
				return this.#unknownInput(report.input);
			case "stream":
				if (this.#stream) return "it began its stream twice";
				this.#stream = true;
				return undefined;
			case "item":
				if (!this.#stream) return "it sent an item without a stream";
				return this.#room.take(report.receipt)
					? undefined
					: "it sent more items than there was room for";
			case "result":
			case "failed":
				this.over = true;
				return undefined;
			default:
				return report satisfies never;
		}
	}

	#unknownInput(input: number): string | undefined {
		return this.#pulls.has(input)
			? undefined
			: "it asked for a stream that is none of its arguments";
	}

	#pull(input: number, change: number): number {
		const pulls = (this.#pulls.get(input) ?? 0) + change;
		if (this.#pulls.has(input)) this.#pulls.set(input, pulls);
		return pulls;
	}
}
