import { toEasyRemoteError, toWireError } from "@easyremote/shared/errors";
import type { CallReport, HostLog } from "@easyremote/shared/host";
import { callJson, callLine, type Paint, paintFor } from "./call-line.js";
import type { Surroundings } from "./surroundings.js";

/** Says what happens: in lines for people on standard error, or as JSON on standard output. */
export class Output {
	readonly #surroundings: Pick<Surroundings, "out" | "err">;
	readonly #json: boolean;
	readonly #paint: Paint;

	constructor(
		surroundings: Pick<Surroundings, "out" | "err" | "environment">,
		json: boolean,
	) {
		const { err, environment } = surroundings;
		this.#surroundings = surroundings;
		this.#json = json;
		this.#paint = paintFor(err.isTerminal, environment["NO_COLOR"]);
	}

	/** Something happened: a JSON object for programs, text for people. */
	event(event: Readonly<Record<string, unknown>>, text: string): void {
		if (this.#json) this.#line(event);
		else this.#note(text);
	}

	/** A call is over. */
	call(call: CallReport, at: Date): void {
		if (this.#json) this.#surroundings.out.write(`${callJson(call, at)}\n`);
		else this.#note(callLine(call, at, this.#paint));
	}

	/** What went wrong, and what to do about it. */
	error(reason: unknown): void {
		const error = toEasyRemoteError(reason);
		if (this.#json) {
			this.#line({ event: "error", error: toWireError(error) });
			return;
		}
		this.#note(`${this.#paint.bad("error:")} ${error.message}`);
		if (error.hint !== undefined) this.#note(`hint: ${error.hint}`);
	}

	/** Takes what the node and its functions log. */
	get log(): HostLog {
		const write = (
			level: string,
			message: string,
			fields?: Readonly<Record<string, unknown>>,
		) => {
			if (this.#json) this.#line({ event: "log", level, message, fields });
			else
				this.#note(
					`${level}: ${message}${fields ? ` ${JSON.stringify(fields)}` : ""}`,
				);
		};
		return {
			debug: () => undefined,
			info: (message, fields) => write("info", message, fields),
			warn: (message, fields) => write("warn", message, fields),
			error: (message, fields) => write("error", message, fields),
		};
	}

	#line(value: Readonly<Record<string, unknown>>): void {
		this.#surroundings.out.write(`${JSON.stringify(value)}\n`);
	}

	#note(text: string): void {
		this.#surroundings.err.write(`${text}\n`);
	}
}
