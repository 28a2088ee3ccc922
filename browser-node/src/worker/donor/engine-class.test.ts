import { expect, it } from "vitest";
import { engineClass } from "./engine-class.js";

const CHROME =
	"Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/156.0.0.0 Safari/537.36";

it.each([
	[
		"chromium-156-x86_64",
		{
			userAgent: CHROME,
			brands: [
				{ brand: "Not/A)Brand", version: "8" },
				{ brand: "Chromium", version: "156.0.1.2" },
			],
			architecture: "x86",
			bitness: "64",
		},
	],
	[
		"chromium-156-aarch64",
		{ userAgent: CHROME, architecture: "arm", bitness: "64" },
	],
	["chromium-156-x86_64", { userAgent: CHROME }],
	[
		"firefox-150-x86_64",
		{
			userAgent:
				"Mozilla/5.0 (X11; Linux x86_64; rv:150.0) Gecko/20100101 Firefox/150.0",
		},
	],
	[
		"safari-26-unknown",
		{
			userAgent:
				"Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/26.0 Mobile/15E148 Safari/604.1",
		},
	],
	["unknown-0-unknown", { userAgent: "" }],
])("tells %s", (expected, facts) => {
	expect(engineClass(facts)).toBe(expected);
});
