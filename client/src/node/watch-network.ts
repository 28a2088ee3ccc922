import { networkInterfaces } from "node:os";

/** How often the interfaces are looked at, ms: Node.js has no event for their changes. */
const LOOK_MS = 2_000;

/** Calls `changed` when this machine has other network addresses than before, until the answer is called. */
export function watchNetwork(changed: () => void): () => void {
	let known = addresses();
	const timer = setInterval(() => {
		const now = addresses();
		if (now === known) return;
		known = now;
		changed();
	}, LOOK_MS);
	timer.unref();
	return () => clearInterval(timer);
}

function addresses(): string {
	return Object.values(networkInterfaces())
		.flatMap((interfaces) => interfaces ?? [])
		.filter(({ internal }) => !internal)
		.map(({ address }) => address)
		.sort()
		.join();
}
