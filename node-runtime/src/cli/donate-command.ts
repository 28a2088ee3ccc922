import { accessSync, constants, statSync } from "node:fs";
import { EasyRemoteError } from "@easyremote/shared/errors";
import { systemClock } from "@easyremote/shared/time";
import { browserPath } from "../donate/browser-path.js";
import { DonatingTab, type TabFigures } from "../donate/donating-tab.js";
import { osSandbox, type SandboxWish } from "../donate/os-sandbox.js";
import { EXIT } from "./exit-codes.js";
import type { Output } from "./output.js";
import type { Surroundings } from "./surroundings.js";

/** How often the page is looked at, ms. */
const LOOK_MS = 500;
/** How often it is said what was given, ms. */
const TELL_MS = 60_000;

export interface DonateFlags extends SandboxWish {
	readonly gateway: string;
	readonly key: string | undefined;
	readonly cores: number | undefined;
}

/**
 * Lends this machine to what is published at a gateway, in a headless browser, until a signal asks it to stop. Answers the
 * exit code; throws what is in the way.
 */
export async function donate(
	flags: DonateFlags,
	output: Output,
	{ environment, signals }: Surroundings,
): Promise<number> {
	const isRoot = process.getuid?.() === 0;
	const sandbox = osSandbox(flags, isRoot);
	const browser = browserPath(environment, isExecutable);
	const tab = await DonatingTab.open({ ...flags, browser, sandbox });
	try {
		const ended = await Promise.race([
			signals.next().then(() => "stopped" as const),
			tab.closed.then(() => "gone" as const),
			report(tab, output),
		]);
		if (ended === "stopped") {
			output.event({ event: "closed" }, "stopped");
			return EXIT.ok;
		}
		if (ended === "gone")
			throw new EasyRemoteError("ABORTED", "the browser has ended by itself");
		throw new EasyRemoteError(
			"ABORTED",
			ended.problem || "the page has stopped",
		);
	} finally {
		await tab.close();
	}
}

/** Tells what the page shows, as it changes and now and then; resolves with the last when it has stopped. */
async function report(tab: DonatingTab, output: Output): Promise<TabFigures> {
	let told = "";
	let toldAt = systemClock.monotonic();
	for (;;) {
		const figures = await tab.figures();
		const { status, problem, donor, callsDone, cpu } = figures;
		const now = systemClock.monotonic();
		const line = problem ? `${status}: ${problem}` : status;
		if (line !== told) {
			told = line;
			output.event({ event: "state", status, problem, donor }, line);
		} else if (now - toldAt >= TELL_MS) {
			toldAt = now;
			output.event(
				{ event: "given", callsDone, cpu },
				`${callsDone} calls done, ${cpu} of CPU time given`,
			);
		}
		if (status === "Stopped") return figures;
		await new Promise<void>((resolve) => {
			systemClock.schedule(LOOK_MS, resolve);
		});
	}
}

function isExecutable(path: string): boolean {
	try {
		accessSync(path, constants.X_OK);
		return statSync(path).isFile();
	} catch {
		return false;
	}
}
