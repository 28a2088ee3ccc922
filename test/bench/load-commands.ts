import type { Commands } from "../support/answer.js";
import type { LoadDriver } from "./load-driver.js";
import { bulk } from "./measures/bulk.js";
import { callsPerSecond } from "./measures/calls-per-second.js";
import { roundTrip } from "./measures/round-trip.js";

/** What every client process of the benchmark can be asked, whatever it drives. */
export function loadCommands(): {
	readonly commands: Commands;
	use(driver: LoadDriver): void;
} {
	let driver: LoadDriver | undefined;
	const current = (): LoadDriver => {
		if (!driver) throw new Error("not connected yet");
		return driver;
	};
	return {
		use(next) {
			driver = next;
		},
		commands: {
			callsPerSecond: (load: { inFlight: number; forMs: number }) =>
				callsPerSecond(current(), load),
			roundTrip: (count: number) => roundTrip(current(), count),
			bulk: (bytes: number) => bulk(current(), bytes),
		},
	};
}
