import { describe, expect, it } from "vitest";
import { readTerms } from "./embed-terms.js";

describe("the terms of an embedded donor", () => {
	it("are all cores but one, all of the time, and no address told, unless the site says otherwise", () => {
		expect(readTerms("", 8)).toEqual({
			dutyCycle: 1,
			cores: 7,
			key: undefined,
			direct: false,
		});
	});

	it("are what the site says", () => {
		expect(readTerms("#max-cpu=50%25&cores=2&key=er_x&direct=", 8)).toEqual({
			dutyCycle: 0.5,
			cores: 2,
			key: "er_x",
			direct: true,
		});
	});

	it.each([
		["25", 0.25],
		["150%25", 1],
		["1%25", 0.1],
		["0", 1],
		["half", 1],
		["-5", 1],
	])("give of each core, where max-cpu is %s, %f", (said, dutyCycle) => {
		expect(readTerms(`#max-cpu=${said}`, 4).dutyCycle).toBe(dutyCycle);
	});

	it.each([
		["16", 4],
		["0", 3],
		["1.5", 3],
		["all", 3],
	])("lend, where cores is %s, %i of four", (said, cores) => {
		expect(readTerms(`#cores=${said}`, 4).cores).toBe(cores);
	});
});
