import type { CancelTimer, Clock } from "../time/clock.js";
import { systemClock } from "../time/system-clock.js";

/** How often the interfaces are looked at, ms: Node.js has no event for their changes. */
const LOOK_MS = 2_000;

/** What `networkInterfaces` of Node.js gives, as far as it is looked at. */
type Interfaces = Readonly<
	Record<
		string,
		| readonly { readonly address: string; readonly internal: boolean }[]
		| undefined
	>
>;

export interface AddressWatchOptions {
	/** The interfaces of this machine as they are now. */
	readonly interfaces: () => Interfaces;
	/** This machine has other network addresses than before. */
	readonly changed: () => void;
	readonly clock?: Clock;
}

/**
 * Looks at the addresses of this machine until the answer is called.
 *
 * @example
 * const stop = watchAddresses({ interfaces: networkInterfaces, changed: () => link.networkChanged() });
 */
export function watchAddresses({
	interfaces,
	changed,
	clock = systemClock,
}: AddressWatchOptions): () => void {
	let known = addressesOf(interfaces());
	let cancel: CancelTimer;
	const look = (): void => {
		cancel = clock.schedule(LOOK_MS, look);
		const now = addressesOf(interfaces());
		if (now === known) return;
		known = now;
		changed();
	};
	cancel = clock.schedule(LOOK_MS, look);
	return () => cancel();
}

function addressesOf(interfaces: Interfaces): string {
	return Object.values(interfaces)
		.flatMap((addresses) => addresses ?? [])
		.filter(({ internal }) => !internal)
		.map(({ address }) => address)
		.sort()
		.join();
}
