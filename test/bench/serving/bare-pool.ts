// The pool of worker threads alone.
import { fileURLToPath } from "node:url";
import { Piscina } from "piscina";
import { answer } from "../../support/answer.js";
import { roundTrip } from "../measures/round-trip.js";

const pool = new Piscina({
	filename: fileURLToPath(new URL("../product/isolated.js", import.meta.url)),
	name: "identity",
	maxThreads: 1,
});

answer({
	/** Median time of a task that gives its argument back, ms. */
	roundTrip: (count: number) => {
		const unused = () => Promise.reject(new Error("not measured here"));
		const driver = {
			call: async () => {
				await pool.run(1);
			},
			upload: unused,
			download: unused,
		};
		return roundTrip(driver, count);
	},
});
