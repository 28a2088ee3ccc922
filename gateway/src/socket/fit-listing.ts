import { PROTOCOL, type Provider } from "@easyremote/shared/protocol";

/** What a listing may take, by the length of its JSON, which is never shorter than its MessagePack by much, bytes. */
const BUDGET = PROTOCOL.controlMessageBytes * 0.8;

/** Makes a listing fit into a control message: without schemas if there is no room for them, else its beginning. */
export function fitListing(items: readonly Provider[]): Provider[] {
	if (size(items) <= BUDGET) return [...items];
	const bare = items.map(withoutSchemas);
	const kept: Provider[] = [];
	let used = 0;
	for (const item of bare) {
		used += size(item);
		if (used > BUDGET) break;
		kept.push(item);
	}
	return kept;
}

function size(value: unknown): number {
	return Buffer.byteLength(JSON.stringify(value));
}

function withoutSchemas(provider: Provider): Provider {
	return {
		...provider,
		functions: provider.functions.map(
			({ input: _input, output: _output, ...rest }) => rest,
		),
	};
}
