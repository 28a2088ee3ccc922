import { toEasyRemoteError, toWireError } from "@easyremote/shared/errors";

/** Where a command writes: results on `out`, everything else on `err`. */
export interface Output {
	/** Results are one JSON value a line. */
	readonly json: boolean;
	/** A result: `value` with `--json`, else `text`. */
	result(value: Readonly<Record<string, unknown>>, text: string): void;
	/** Something for a human; left out with `--json`. */
	note(text: string): void;
	/** What went wrong, and what to do about it. */
	error(error: unknown): void;
}

/** Text writers, such as `process.stdout`. */
export interface Streams {
	readonly out: { write(text: string): unknown };
	readonly err: { write(text: string): unknown };
}

export function createOutput(streams: Streams, json: boolean): Output {
	return {
		json,
		result(value, text) {
			streams.out.write(`${json ? JSON.stringify(value) : text}\n`);
		},
		note(text) {
			if (!json) streams.err.write(`${text}\n`);
		},
		error(error) {
			const known = toEasyRemoteError(error);
			if (json) {
				streams.err.write(
					`${JSON.stringify({ event: "error", error: toWireError(known) })}\n`,
				);
				return;
			}
			streams.err.write(`error: ${known.message}\n`);
			if (known.hint !== undefined) streams.err.write(`hint: ${known.hint}\n`);
		},
	};
}
