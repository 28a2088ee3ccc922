import { describe, expect, it } from "vitest";
import { type MachineFacts, pauseReason } from "./pause-reason.js";
import { type DonateSettings, defaultSettings } from "../donate/settings.js";

const noon: MachineFacts = {
	onBattery: false,
	metered: false,
	hidden: false,
	minuteOfDay: 12 * 60,
};

function reason(
	settings: Partial<DonateSettings>,
	facts: Partial<MachineFacts> = {},
): string | undefined {
	return pauseReason(
		{ ...defaultSettings(4), ...settings },
		{ ...noon, ...facts },
	);
}

describe("a donor", () => {
	it("gives unless a rule says otherwise, and trusts what it is not told", () => {
		expect(reason({})).toBeUndefined();
		expect(reason({}, { onBattery: undefined, metered: undefined })).toBe(
			undefined,
		);
		expect(reason({}, { hidden: true })).toBeUndefined();
	});

	it("pauses on battery, metered networks, and in the background, where it is told to", () => {
		expect(reason({}, { onBattery: true })).toMatch(/battery/);
		expect(reason({ pauseOnBattery: false }, { onBattery: true })).toBe(
			undefined,
		);
		expect(reason({}, { metered: true })).toMatch(/metered/);
		expect(reason({ pauseOnMetered: false }, { metered: true })).toBe(
			undefined,
		);
		expect(reason({ pauseWhenHidden: true }, { hidden: true })).toMatch(
			/background/,
		);
	});

	it.each([
		["09:00", "17:00", 9 * 60, true],
		["09:00", "17:00", 17 * 60 - 1, true],
		["09:00", "17:00", 17 * 60, false],
		["09:00", "17:00", 0, false],
		["22:00", "06:30", 23 * 60, true],
		["22:00", "06:30", 6 * 60 + 29, true],
		["22:00", "06:30", 6 * 60 + 30, false],
		["08:00", "08:00", 3 * 60, true],
	])(
		"scheduled from %s to %s gives at minute %d: %s",
		(from, to, minuteOfDay, gives) => {
			const found = reason({ scheduled: true, from, to }, { minuteOfDay });
			expect(found === undefined).toBe(gives);
			if (!gives) expect(found).toContain(from);
		},
	);
});
