/** Whether a function is written as a generator (`function*`, `async function*`), as far as its engine tells. */
export function isGeneratorFunction(candidate: unknown): boolean {
	const kind = kindOf(candidate);
	return kind === "AsyncGeneratorFunction" || kind === "GeneratorFunction";
}

/** Whether a function is written with `async`, and so never throws but rejects. */
export function isAsyncFunction(candidate: unknown): boolean {
	return kindOf(candidate) === "AsyncFunction";
}

function kindOf(candidate: unknown): string {
	return Object.prototype.toString.call(candidate).slice(8, -1);
}
