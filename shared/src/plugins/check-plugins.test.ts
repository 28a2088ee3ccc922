import { expect, it } from "vitest";
import { checkPlugins } from "./check-plugins.js";

const hook = () => undefined;

it("takes plugins as they are, classes too", () => {
	class Counting {
		readonly name = "counting";
		afterFunctionCall(): void {
			// Counts nothing.
		}
	}
	const plugins = [
		{ name: "a", timeout: "1s", onNodeJoin: hook },
		new Counting(),
	];
	expect(checkPlugins(plugins)).toBe(plugins);
});

it.each([
	["no array", { name: "a" }, "an array"],
	["no object", ["a"], "plugin 0 is no object"],
	["no name", [{ close: hook }], 'plugin 0 has no "name"'],
	["no hook", [{ name: "a" }], 'plugin "a" has no hook'],
	["no function", [{ name: "a", close: 1 }], '"close" of plugin "a"'],
	[
		"no duration",
		[{ name: "a", close: hook, timeout: "soon" }],
		'"timeout" of plugin "a"',
	],
	[
		"one name twice",
		[
			{ name: "a", close: hook },
			{ name: "a", close: hook },
		],
		'two plugins are called "a"',
	],
])("refuses %s", (_what, plugins, message) => {
	expect(() => checkPlugins(plugins)).toThrow(message);
});
