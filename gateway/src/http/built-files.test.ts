import {
	mkdirSync,
	mkdtempSync,
	rmSync,
	symlinkSync,
	utimesSync,
	writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { BuiltFiles } from "./built-files.js";
import { fileResponse } from "./file-response.js";

const outside = mkdtempSync(join(tmpdir(), "easyremote-files-"));
const folder = join(outside, "pages");
const files = new BuiltFiles(folder);

beforeAll(() => {
	mkdirSync(join(folder, "assets"), { recursive: true });
	writeFileSync(join(folder, "page.html"), "<p>one</p>");
	writeFileSync(join(folder, "assets", "worker-B2xK_9-a.js"), "1");
	writeFileSync(join(folder, "assets", "plain.js"), "2");
	writeFileSync(join(folder, ".hidden.js"), "3");
	writeFileSync(join(folder, "data.db"), "4");
	writeFileSync(join(outside, "secret.js"), "5");
	symlinkSync(join(outside, "secret.js"), join(folder, "link.js"));
});

afterAll(() => {
	rmSync(outside, { recursive: true });
});

it("finds files with their types", async () => {
	expect(await files.find("page.html")).toMatchObject({
		type: "text/html; charset=utf-8",
		immutable: false,
	});
	expect(await files.find("assets/plain.js")).toMatchObject({
		type: "text/javascript; charset=utf-8",
		immutable: false,
	});
});

it("lets browsers keep what has its hash in its name", async () => {
	const file = await files.find("assets/worker-B2xK_9-a.js");
	expect(file?.immutable).toBe(true);
	const request = new Request("http://localhost/");
	if (file)
		expect(
			fileResponse(file, request, {}).headers.get("cache-control"),
		).toContain("immutable");
});

it("notices a new build", async () => {
	const before = await files.find("page.html");
	expect(await files.find("page.html")).toBe(before);
	writeFileSync(join(folder, "page.html"), "<p>two</p>");
	utimesSync(join(folder, "page.html"), 1, 1);
	const after = await files.find("page.html");
	expect(after?.etag).not.toBe(before?.etag);
	expect(new TextDecoder().decode(after?.bytes)).toBe("<p>two</p>");
});

it.each([
	"missing.js",
	"../secret.js",
	"assets/../page.html",
	"assets/../../secret.js",
	"/page.html",
	"link.js",
	".hidden.js",
	"data.db",
	"assets",
	"",
	"page.html\0.js",
	"page.html/x.js",
	"..\\secret.js",
])("does not serve %j", async (path) => {
	expect(await files.find(path)).toBeUndefined();
});
