import { threadId } from "node:worker_threads";
import { EasyRemoteError } from "@easyremote/shared/errors";
import { define } from "@easyremote/shared/functions";

/** Functions that the tests run in worker threads. */
export const add = (a: number, b: number): number => a + b;

export const where = (): number => threadId;

export const invert = (bytes: Uint8Array): Uint8Array =>
	bytes.map((byte) => 255 - byte);

export function* count(to: number): Generator<number> {
	for (let n = 1; n <= to; n += 1) yield n;
}

let made = 0;

/** How many items `endless` has made so far in this thread. */
export const madeSoFar = (): number => made;

export async function* endless(): AsyncGenerator<number> {
	try {
		for (;;) {
			made += 1;
			yield made;
		}
	} finally {
		made = -1;
	}
}

export const work = define({}, (call, steps: number) => {
	for (let step = 1; step <= steps; step += 1) call.progress(step / steps);
	call.log("worked", { steps });
	return { id: call.id, attempt: call.attempt, caller: call.caller };
});

export const untilCancelled = define(
	{},
	(call) =>
		new Promise<string>((_resolve, reject) => {
			call.signal.addEventListener("abort", () =>
				reject(call.signal.reason as Error),
			);
		}),
);

/** Does not listen, and does not let its thread listen either. */
export const spin = (): void => {
	for (;;);
};

export const total = async (
	numbers: AsyncIterable<number>,
): Promise<number> => {
	let sum = 0;
	for await (const n of numbers) sum += n;
	return sum;
};

export const firstOf = async (
	numbers: AsyncIterable<number>,
): Promise<number | undefined> => {
	for await (const n of numbers) return n;
	return undefined;
};

export const fail = (): never => {
	throw new RangeError("too far");
};

export const refuse = (): never => {
	throw new EasyRemoteError("NOT_FOUND", "no such picture", {
		hint: "look elsewhere",
	});
};

export const crash = (): never => process.exit(7);

export const unsendable = (): unknown => ({ callback: () => 1 });
