import { expect, it } from "vitest";
import { readSnippets } from "./snippets.js";

it("finds files and commands, and leaves the rest alone", () => {
	const page = [
		"# Page",
		"```ts",
		"// file: node.ts",
		"export const a = 1;",
		"```",
		"```ts",
		"const fragment = 1;",
		"```",
		"```sh",
		"npm ci",
		"```",
		"```sh",
		"# first the node",
		"npx easyremote-node node.ts &",
		"npx easyremote call a.b 1 # → 2",
		"```",
	].join("\n");
	expect(readSnippets(page)).toEqual({
		files: [
			{ name: "node.ts", text: "// file: node.ts\nexport const a = 1;\n" },
		],
		commands: [
			{
				command: "npx easyremote-node node.ts",
				stays: true,
				prints: undefined,
			},
			{ command: "npx easyremote call a.b 1", stays: false, prints: "2" },
		],
	});
});
