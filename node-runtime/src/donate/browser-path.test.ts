import { expect, it } from "vitest";
import { browserPath } from "./browser-path.js";

it("is what was chosen, or the first that is installed", () => {
	expect(
		browserPath({ CHROMIUM_PATH: "/opt/mine" }, (path) => path === "/opt/mine"),
	).toBe("/opt/mine");
	expect(
		browserPath({}, (path) => path.startsWith("/usr/bin/google-chrome")),
	).toBe("/usr/bin/google-chrome-stable");
});

it("says how to get one, and what is wrong with a choice", () => {
	expect(() => browserPath({}, () => false)).toThrow(/no Chromium or Chrome/);
	expect(() =>
		browserPath({ CHROMIUM_PATH: "/gone" }, (path) => path !== "/gone"),
	).toThrow(/CHROMIUM_PATH is \/gone/);
});
