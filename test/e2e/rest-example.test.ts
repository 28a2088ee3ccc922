import { execFile, spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { afterAll, beforeAll, expect, it } from "vitest";
import { Example } from "../support/example.js";

const run = promisify(execFile);
const hasPython = spawnSync("python3", ["--version"]).status === 0;
if (!hasPython)
	process.stderr.write("There is no python3: call.py of 07-rest is not run.\n");

let start: Example;
let env: NodeJS.ProcessEnv;
beforeAll(async () => {
	start = new Example("07-rest/start.ts", { PORT: "0" });
	const gateway = await start.prints(/Call (\S+)/);
	env = { ...process.env, EASYREMOTE_GATEWAY: gateway };
});
afterAll(() => start.close());

function file(name: string): string {
	return fileURLToPath(
		new URL(`../../examples/07-rest/${name}`, import.meta.url),
	);
}

it("07-rest calls functions with curl", async () => {
	const { stdout } = await run("sh", [file("call.sh")], { env });
	expect(stdout).toContain('{"result":"Bonjour, Ada"}');
	expect(stdout).toContain("\ncba\n");
	expect(stdout).toContain("data: 3\n\ndata: 2\n\ndata: 1\n\nevent: end\n");
	expect(stdout).toMatch(/"code":"FUNCTION_ERROR","detail":"division by zero"/);
});

it.skipIf(!hasPython)("07-rest calls functions with Python", async () => {
	const { stdout } = await run("python3", [file("call.py")], { env });
	expect(stdout.trim().split("\n")).toEqual([
		"Bonjour, Ada",
		"b'cba'",
		"[3, 2, 1]",
		"500 FUNCTION_ERROR: RangeError: division by zero",
	]);
});
