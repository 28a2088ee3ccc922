import { spawnSync } from "node:child_process";
import { accessSync, constants, readFileSync, statSync } from "node:fs";
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { type Browser, type BrowserContext, chromium } from "playwright-core";
import {
	type ChromiumSearch,
	findChromium,
	type Surroundings,
} from "./find-chromium.js";

const isRoot = process.getuid?.() === 0;

const thisMachine: Surroundings = {
	env: process.env,
	isRoot,
	isExecutable(path) {
		try {
			accessSync(path, constants.X_OK);
			return statSync(path).isFile();
		} catch {
			return false;
		}
	},
	readText(path) {
		try {
			return readFileSync(path, "utf8");
		} catch {
			return undefined;
		}
	},
};

/**
 * Flags for a quiet browser that opens WebRTC connections where only loopback
 * exists; for that, contexts need {@link contextPermissions} as well.
 */
export const chromiumArgs: readonly string[] = [
	...(isRoot ? ["--no-sandbox"] : []),
	"--disable-gpu",
	"--disable-quic",
	"--no-first-run",
	"--disable-background-networking",
	"--disable-component-update",
	"--disable-sync",
	"--allow-loopback-in-peer-connection",
];

/** Pass to `browser.newContext({ permissions })`: without it Chromium offers no loopback candidates. */
export const contextPermissions: string[] = ["microphone"];

/**
 * The path of a browser, installed first where that needs nobody's consent.
 *
 * @throws Error with a one-line message when there is none: a missing browser is a failure, never a skip.
 */
export function ensureChromium(): string {
	const search = findChromium(thisMachine);
	if (search.kind === "installable") install(search.commands);
	const result: ChromiumSearch =
		search.kind === "installable" ? findChromium(thisMachine) : search;
	switch (result.kind) {
		case "found":
			return result.path;
		case "installable":
			throw new Error(
				"apt-get installed no Chromium: install one by hand or set CHROMIUM_PATH.",
			);
		case "missing":
			throw new Error(result.message);
		default:
			return result satisfies never;
	}
}

/** Starts a headless browser, with more flags where a test wants them; the caller closes it. */
export async function launchChromium(
	flags: readonly string[] = [],
): Promise<Browser> {
	return chromium.launch({
		executablePath: ensureChromium(),
		headless: true,
		args: [...chromiumArgs, ...flags],
	});
}

/**
 * Starts one that keeps what pages store, in an empty folder, also what frames of other sites store: not every browser
 * allows that by default, and no private window does. The caller closes it.
 */
export async function launchChromiumProfile(
	folder: string,
	permissions: readonly string[],
): Promise<BrowserContext> {
	const preferences = { profile: { cookie_controls_mode: 0 } };
	await mkdir(join(folder, "Default"), { recursive: true });
	await writeFile(
		join(folder, "Default", "Preferences"),
		JSON.stringify(preferences),
	);
	return chromium.launchPersistentContext(folder, {
		executablePath: ensureChromium(),
		headless: true,
		args: [...chromiumArgs],
		permissions: [...permissions],
	});
}

function install(commands: readonly (readonly string[])[]): void {
	for (const [command = "", ...args] of commands) {
		process.stderr.write(
			`No Chromium found, running: ${[command, ...args].join(" ")}\n`,
		);
		const { status, error } = spawnSync(command, args, {
			stdio: ["ignore", process.stderr, process.stderr],
			env: { ...process.env, DEBIAN_FRONTEND: "noninteractive" },
		});
		if (status !== 0) {
			const reason = error?.message ?? `exit status ${String(status)}`;
			throw new Error(
				`Installing Chromium failed (${reason}): install one by hand or set CHROMIUM_PATH.`,
			);
		}
	}
}
