import { define } from "@easyremote/shared";

/** The first prime from a number on. Running it twice does no harm, so what a dying node had is run elsewhere. */
export const primeFrom = define(
	{ idempotent: true },
	(_call, start: number) => {
		let candidate = start;
		while (!isPrime(candidate)) candidate += 1;
		return candidate;
	},
);

function isPrime(number: number): boolean {
	for (let divisor = 2; divisor * divisor <= number; divisor += 1)
		if (number % divisor === 0) return false;
	return number > 1;
}
