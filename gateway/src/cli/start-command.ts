import type { Logger } from "pino";
import { createGateway } from "../create-gateway.js";
import type { Gateway } from "../gateway.js";
import { banner } from "./banner.js";
import { EXIT } from "./exit-codes.js";
import type { Output } from "./output.js";
import { showGiven } from "./print-config.js";
import type { SettledSettings } from "./settle-settings.js";

/** What a running command needs of its process. */
export interface Signals {
	/** Resolves at the next signal that asks the process to end. */
	next(): Promise<void>;
}

/** Runs a gateway until a signal asks it to stop, and drains it; a second signal ends that. Answers the exit code. */
export async function start(
	settled: SettledSettings,
	output: Output,
	logger: Logger,
	signals: Signals,
): Promise<number> {
	const { data, logLevel: _, ...options } = settled.settings;
	logger.info({ settings: showGiven(settled) }, "settings");
	const gateway = createGateway({ ...options, store: { path: data }, logger });
	await gateway.listen();
	// Listened for before anybody is told that there is something to stop.
	const stop = signals.next();
	announce(gateway, settled, output);
	await stop;
	output.note(
		"Draining: waiting for running calls. Once more to stop at once.",
	);
	const stopped = await Promise.race([
		gateway.close().then(() => EXIT.ok),
		signals.next().then(() => EXIT.interrupted),
	]);
	if (output.json) output.result({ event: "closed" }, "");
	return stopped;
}

function announce(
	gateway: Gateway,
	settled: SettledSettings,
	output: Output,
): void {
	const { url, port, developmentMode, initialKey } = gateway;
	const key = initialKey === undefined ? {} : { adminKey: initialKey };
	output.result(
		{ event: "listening", url, port, developmentMode, ...key },
		banner(gateway, showGiven(settled)),
	);
}
