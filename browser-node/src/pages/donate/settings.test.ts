import { describe, expect, it } from "vitest";
import { defaultSettings, readSettings } from "./settings.js";

describe("kept settings", () => {
	it("come back as they were", () => {
		const kept = { ...defaultSettings(8), share: 30, from: "01:30" };
		expect(readSettings(kept, 8)).toEqual(kept);
	});

	it("of an earlier version are filled up", () => {
		expect(readSettings({ share: 50 }, 4)).toEqual({
			...defaultSettings(4),
			share: 50,
		});
	});

	it("of another machine do not lend more cores than there are", () => {
		expect(readSettings({ cores: 16 }, 4).cores).toBe(4);
	});

	it.each([
		undefined,
		null,
		"x",
		5,
		{ share: 0 },
		{ from: "25:00" },
		{ cores: 1.5 },
	])("that are %j are the defaults", (kept) =>
		expect(readSettings(kept, 2)).toEqual(defaultSettings(2)),
	);
});
