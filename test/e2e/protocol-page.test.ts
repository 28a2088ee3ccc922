import { readFileSync } from "node:fs";
import { PROTOCOL } from "@easyremote/shared/protocol";
import { expect, it } from "vitest";

const page = readFileSync(
	new URL("../../shared/PROTOCOL.md", import.meta.url),
	"utf8",
);

it("PROTOCOL.md lists every constant with its value", () => {
	const section = page.slice(page.indexOf("## 8. Constants"));
	const rows = [...section.matchAll(/^\| `(\w+)` \| ([\d_]+) \|/gm)];
	const listed = Object.fromEntries(
		rows.map(([, name = "", value = ""]) => [
			name,
			Number(value.replaceAll("_", "")),
		]),
	);
	expect(listed).toEqual({ ...PROTOCOL });
});

it("PROTOCOL.md points only at files that exist", () => {
	for (const [, path = ""] of page.matchAll(/\]\((src\/[^)#]+)\)/g))
		expect(
			() => readFileSync(new URL(`../../shared/${path}`, import.meta.url)),
			path,
		).not.toThrow(/ENOENT/);
});
