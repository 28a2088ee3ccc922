import { mkdir, readFile, rm, writeFile } from "node:fs/promises";
import ts from "typescript";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { Child } from "../support/child.js";
import { failure } from "../support/failure.js";
import { Network } from "../support/network.js";

const PROGRAM = new URL("../support/programs/decorated.ts", import.meta.url);
const ANSWER = new URL("../support/answer.ts", import.meta.url);

let network: Network;
beforeEach(async () => {
	network = await Network.start();
});
afterEach(() => network.close());

/** The program as tsc writes it for Node.js 20, where the packages can be found. */
async function compiled(): Promise<URL> {
	const { outputText } = ts.transpileModule(await readFile(PROGRAM, "utf8"), {
		compilerOptions: {
			module: ts.ModuleKind.ESNext,
			target: ts.ScriptTarget.ES2022,
		},
	});
	const folder = new URL("../dist/", import.meta.url);
	const file = new URL("decorated.mjs", folder);
	await mkdir(folder, { recursive: true });
	await writeFile(file, outputText.replace("../answer.js", ANSWER.href));
	network.own({ close: () => rm(file) });
	return file;
}

describe.each([
	["tsx", () => Promise.resolve(PROGRAM)],
	["tsc", compiled],
] as const)("as %s compiles them", (_name, program) => {
	it("decorators register methods, and call functions in their place", async () => {
		const child = network.own(new Child(await program()));
		await child.ask("serve", network.url);
		const client = network.client();
		const greet = client.remote<(name: string) => string>("decorated.greet");
		expect(await greet("Ada")).toBe("hello Ada");
		const slow = client.remote<() => void>("decorated.slow");
		expect(await failure(slow())).toMatchObject({ code: "DEADLINE_EXCEEDED" });
		// The client's decorator: the body of the method is never run.
		expect(await child.ask("callDecorated", "Bob")).toBe("hello Bob");
	});

	it("`await using` closes client, node and gateway", async () => {
		const child = network.own(new Child(await program()));
		expect(await child.ask("useUp")).toEqual({
			sum: 3,
			client: "closed",
			node: "closed",
		});
	});
});
