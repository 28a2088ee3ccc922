import type { Provider } from "@easyremote/shared/protocol";

/**
 * Makes a listing fit into so many bytes of JSON: without schemas if there is no room for them, else its beginning.
 */
export function fitListing<T extends Pick<Provider, "functions">>(
	items: readonly T[],
	maxBytes: number,
): T[] {
	if (size(items) <= maxBytes) return [...items];
	const bare = items.map(withoutSchemas);
	const kept: T[] = [];
	let used = 0;
	for (const item of bare) {
		used += size(item);
		if (used > maxBytes) break;
		kept.push(item);
	}
	return kept;
}

function size(value: unknown): number {
	return Buffer.byteLength(JSON.stringify(value));
}

function withoutSchemas<T extends Pick<Provider, "functions">>(provider: T): T {
	return {
		...provider,
		functions: provider.functions.map(
			({ input: _input, output: _output, ...rest }) => rest,
		),
	};
}
