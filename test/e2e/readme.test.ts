import { existsSync, readdirSync, readFileSync } from "node:fs";
import { mkdir, writeFile } from "node:fs/promises";
import { createServer, type AddressInfo } from "node:net";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { ERROR_CODES } from "@easyremote/shared/errors";
import ts from "typescript";
import type { Browser } from "playwright-core";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { launchChromium } from "../support/chromium.js";
import { Shell } from "../support/shell.js";
import { readSnippets } from "../support/snippets.js";
import { type TempFolder, tempFolder } from "../support/temp-folder.js";

const root = fileURLToPath(new URL("../../", import.meta.url));
const PACKAGES = [
	"shared",
	"gateway",
	"node-runtime",
	"browser-node",
	"client",
];
/** The port that pages of documentation show. */
const SHOWN_PORT = "8080";

const pages = [
	"README.md",
	"CONTRIBUTING.md",
	...PACKAGES.map((name) => `${name}/README.md`),
	...readdirSync(join(root, "examples"), { withFileTypes: true })
		.filter((entry) => entry.isDirectory() && entry.name !== "node_modules")
		.map(({ name }) => `examples/${name}/README.md`),
].filter((page) => existsSync(join(root, page)));

const read = (page: string) =>
	readSnippets(readFileSync(join(root, page), "utf8"));

let browser: Browser | undefined;
let folder: TempFolder;
beforeEach(async () => {
	folder = await tempFolder();
});
afterEach(() => folder.close());

it.each(["README.md", ...PACKAGES.map((name) => `${name}/README.md`)])(
	"%s is there",
	(page) => {
		expect(existsSync(join(root, page))).toBe(true);
	},
);

it.each(pages.filter((page) => read(page).files.length > 0))(
	"the files that %s shows have right types",
	async (page) => {
		await Shell.in(folder.path, {});
		const { files } = read(page);
		await writeFiles(folder.path, files, SHOWN_PORT);
		const paths = files.map(({ name }) => join(folder.path, name));
		expect(typeErrors(paths)).toEqual([]);
	},
);

describe.each(pages.filter((page) => read(page).commands.length > 0))(
	"%s",
	(page) => {
		it("shows commands that do what it says", async () => {
			const port = await freePort();
			const gateway = `http://localhost:${port}`;
			const shell = await Shell.in(folder.path, {
				EASYREMOTE_PORT: port,
				EASYREMOTE_DATA: join(folder.path, "data"),
				EASYREMOTE_GATEWAY: gateway,
			});
			const { files, commands } = read(page);
			await writeFiles(folder.path, files, port);
			try {
				for (const { command, stays, prints } of commands) {
					const line = command.replaceAll(SHOWN_PORT, port);
					const [, donatePage] = /^open (\S+\/donate)/.exec(line) ?? [];
					if (donatePage !== undefined) {
						await donate(donatePage);
						continue;
					}
					if (stays) {
						const before = await nodesOf(gateway);
						await shell.stay(
							line,
							async () => (await nodesOf(gateway)) > before,
						);
						continue;
					}
					const printed = await shell.run(line);
					if (prints !== undefined) expect(printed).toContain(prints);
				}
			} finally {
				await browser?.close();
				browser = undefined;
				await shell.close();
			}
		});
	},
);

/** What somebody does who is told to press Start. */
async function donate(page: string): Promise<void> {
	browser ??= await launchChromium();
	const opened = await browser.newPage();
	await opened.goto(page);
	await opened.getByRole("button", { name: "Start" }).click();
	await opened.getByRole("heading", { name: "@" }).waitFor();
}

it("has something to show that is run", () => {
	expect(read("README.md").commands).not.toEqual([]);
});

it("the client's README says of every error what helps", () => {
	const text = readFileSync(join(root, "client/README.md"), "utf8");
	const rows = [...text.matchAll(/^\| ([A-Z_]+) \| [^|]+ \| [^|]+ \|$/gm)];
	expect(rows.map(([, code]) => code)).toEqual(Object.keys(ERROR_CODES));
});

it.each(PACKAGES)("every entry of %s has a source", (name) => {
	const text = readFileSync(join(root, name, "package.json"), "utf8");
	const { exports } = JSON.parse(text) as {
		exports: Record<string, Record<string, string> | string>;
	};
	for (const [entry, target] of Object.entries(exports)) {
		if (typeof target === "string") continue;
		const source = target["@easyremote/source"];
		if (source === undefined || source.includes("*")) continue;
		expect(existsSync(join(root, name, source)), `${name} ${entry}`).toBe(true);
	}
});

async function writeFiles(
	path: string,
	files: readonly { readonly name: string; readonly text: string }[],
	port: string,
): Promise<void> {
	await writeFile(join(path, "package.json"), '{"type":"module"}');
	for (const { name, text } of files) {
		await mkdir(dirname(join(path, name)), { recursive: true });
		await writeFile(join(path, name), text.replaceAll(SHOWN_PORT, port));
	}
}

/** How many nodes a gateway has; -1 while it does not answer. */
async function nodesOf(gateway: string): Promise<number> {
	try {
		const { nodes } = (await (await fetch(`${gateway}/api/nodes`)).json()) as {
			nodes: unknown[];
		};
		return nodes.length;
	} catch {
		return -1;
	}
}

function typeErrors(paths: readonly string[]): string[] {
	const { config } = ts.readConfigFile(
		join(root, "tsconfig.base.json"),
		(path) => ts.sys.readFile(path),
	) as { config: { compilerOptions: object } };
	const { options } = ts.convertCompilerOptionsFromJson(
		{
			...config.compilerOptions,
			composite: false,
			declaration: false,
			declarationMap: false,
			incremental: false,
			noEmit: true,
			// Against what users get: the packages as they are built.
			customConditions: [],
			lib: ["ES2023", "DOM"],
			types: ["node"],
		},
		root,
	);
	const program = ts.createProgram({ rootNames: paths, options });
	return ts.getPreEmitDiagnostics(program).map((diagnostic) => {
		const text = ts.flattenDiagnosticMessageText(diagnostic.messageText, "\n");
		return `${diagnostic.file?.fileName ?? ""}: ${text}`;
	});
}

function freePort(): Promise<string> {
	return new Promise((resolve) => {
		const server = createServer().listen(0, "127.0.0.1", () => {
			const { port } = server.address() as AddressInfo;
			server.close(() => resolve(String(port)));
		});
	});
}
