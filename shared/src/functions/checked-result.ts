import { type StreamIterator, streamOf } from "./stream-of.js";
import { type Validated, validateResult } from "./validate.js";

/**
 * What a function returned, with every item of a stream checked against its output schema as it passes. A value that
 * is no stream passes as it is: `validateResult` is for that.
 */
export function checkItems(target: Validated, returned: unknown): unknown {
	if (target.options.output === undefined) return returned;
	const iterator = streamOf(returned);
	return iterator === undefined ? returned : checkedItems(target, iterator);
}

/** What a function returned, be it a value, a promise of one or a stream, checked against its output schema. */
export function checkResult(target: Validated, returned: unknown): unknown {
	if (target.options.output === undefined) return returned;
	if (isThenable(returned))
		return returned.then((value) => checkResult(target, value));
	const iterator = streamOf(returned);
	return iterator === undefined
		? validateResult(target, returned)
		: checkedItems(target, iterator);
}

/** Whether `await` would wait for it. */
export function isThenable(value: unknown): value is PromiseLike<unknown> {
	return (
		typeof value === "object" &&
		value !== null &&
		"then" in value &&
		typeof value.then === "function"
	);
}

async function* checkedItems(
	target: Validated,
	iterator: StreamIterator,
): AsyncGenerator<unknown, unknown, undefined> {
	let finished = false;
	try {
		for (;;) {
			const step: IteratorResult<unknown, unknown> = await iterator.next();
			if (step.done === true) {
				finished = true;
				return step.value;
			}
			yield await validateResult(target, await step.value);
		}
	} finally {
		if (!finished) await iterator.return?.();
	}
}
