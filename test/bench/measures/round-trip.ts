import type { LoadDriver } from "../load-driver.js";
import { median } from "../median.js";

/** Median time of a tiny call with nothing else going on, ms. */
export async function roundTrip(
	driver: LoadDriver,
	count: number,
): Promise<number> {
	const times: number[] = [];
	for (let done = 0; done < count; done += 1) {
		const started = performance.now();
		await driver.call();
		times.push(performance.now() - started);
	}
	return median(times);
}
