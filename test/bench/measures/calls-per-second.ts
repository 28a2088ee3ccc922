import type { LoadDriver } from "../load-driver.js";

/** Calls answered per second with so many in flight all the time. */
export async function callsPerSecond(
	driver: LoadDriver,
	{ inFlight, forMs }: { readonly inFlight: number; readonly forMs: number },
): Promise<number> {
	const started = performance.now();
	const until = started + forMs;
	let answered = 0;
	const lane = async () => {
		while (performance.now() < until) {
			await driver.call();
			answered += 1;
		}
	};
	await Promise.all(Array.from({ length: inFlight }, lane));
	return (answered / (performance.now() - started)) * 1000;
}
