import { toEasyRemoteError, toWireError } from "@easyremote/shared/errors";
import { bytesOf, jsonOf, textOf } from "./shown-value.js";
import type { Surroundings } from "./surroundings.js";
import { harmless } from "./table.js";

/** Where a command says what it found: results on standard output, all else on standard error. */
export class Output {
	readonly #surroundings: Pick<Surroundings, "out" | "err">;
	/** Whether each result is one line of JSON. */
	readonly json: boolean;

	constructor(surroundings: Pick<Surroundings, "out" | "err">, json: boolean) {
		this.#surroundings = surroundings;
		this.json = json;
	}

	/** One value: bytes go out as they are, unless JSON is wanted. */
	async value(value: unknown): Promise<void> {
		const { out } = this.#surroundings;
		if (this.json) {
			await out.write(`${jsonOf(value)}\n`);
			return;
		}
		const bytes = bytesOf(value);
		if (bytes) {
			await out.write(bytes);
			return;
		}
		const text = textOf(value);
		if (text !== "") await out.write(`${text}\n`);
	}

	/** Text for people. */
	async text(text: string): Promise<void> {
		await this.#surroundings.out.write(`${text}\n`);
	}

	/** Something beside the results; left out with JSON. */
	async note(text: string): Promise<void> {
		if (!this.json) await this.#surroundings.err.write(`${harmless(text)}\n`);
	}

	/** Something to think about, whatever the form of the results. */
	async warn(text: string): Promise<void> {
		const { err } = this.#surroundings;
		await err.write(
			this.json
				? `${JSON.stringify({ event: "warning", message: text })}\n`
				: `warning: ${harmless(text)}\n`,
		);
	}

	/** What went wrong, and what to do about it. */
	async error(reason: unknown): Promise<void> {
		const error = toEasyRemoteError(reason);
		const { err } = this.#surroundings;
		if (this.json) {
			const line = { event: "error", error: toWireError(error) };
			await err.write(`${JSON.stringify(line)}\n`);
			return;
		}
		await err.write(`error: ${harmless(error.message)} (${error.code})\n`);
		if (error.hint !== undefined)
			await err.write(`hint: ${harmless(error.hint)}\n`);
	}
}
