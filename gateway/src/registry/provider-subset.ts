import type { Provider } from "@easyremote/shared/protocol";

/** A route carries at most so many nodes. */
export const MAX_PROVIDERS = 32;

/**
 * At most 32 of the providers: healthy ones first, and among those a choice that stays the same for one
 * principal but differs between principals, so that all get used. Rendezvous hashing (Thaler & Ravishankar, 1998).
 */
export function providerSubset(
	providers: readonly Provider[],
	principalId: string,
): readonly Provider[] {
	if (providers.length <= MAX_PROVIDERS) return providers;
	const ranked = providers.map((provider) => ({
		provider,
		healthy: provider.state === "online" ? 0 : 1,
		rank: hash(`${principalId}/${provider.nodeId}`),
	}));
	ranked.sort((a, b) => a.healthy - b.healthy || a.rank - b.rank);
	return ranked.slice(0, MAX_PROVIDERS).map(({ provider }) => provider);
}

/** FNV-1a, 32 bit, with the finish of MurmurHash3 so that similar texts end far apart. */
function hash(text: string): number {
	let value = 0x811c9dc5;
	for (let index = 0; index < text.length; index += 1)
		value = Math.imul(value ^ text.charCodeAt(index), 0x01000193);
	value = Math.imul(value ^ (value >>> 16), 0x85ebca6b);
	value = Math.imul(value ^ (value >>> 13), 0xc2b2ae35);
	return (value ^ (value >>> 16)) >>> 0;
}
