// A plain ES module: its exports become callable. Each call runs in a Web Worker of the tab.

/** How many primes are smaller than `limit`. */
export function countPrimes(limit) {
	const composite = new Uint8Array(limit);
	let count = 0;
	for (let number = 2; number < limit; number += 1) {
		if (composite[number]) continue;
		count += 1;
		for (let multiple = number * number; multiple < limit; multiple += number)
			composite[multiple] = 1;
	}
	return count;
}

/** What the browser says of itself. */
export function whereAmI() {
	return `${navigator.userAgent}, ${navigator.hardwareConcurrency} cores`;
}

/** Counts down, one number a beat. */
export async function* countdown(from) {
	for (let left = from; left > 0; left -= 1) {
		yield left;
		await new Promise((resolve) => setTimeout(resolve, 100));
	}
}
