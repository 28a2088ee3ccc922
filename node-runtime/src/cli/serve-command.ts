import { existsSync } from "node:fs";
import { resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { deferred } from "@easyremote/shared/async";
import { EasyRemoteError } from "@easyremote/shared/errors";
import { systemClock } from "@easyremote/shared/time";
import { createNode } from "../node/create-node.js";
import type { Node } from "../node/node.js";
import type { NodeOptions } from "../node/node-options.js";
import { EXIT, exitCodeFor } from "./exit-codes.js";
import type { Output } from "./output.js";
import type { Surroundings } from "./surroundings.js";

/** How long the gateway may be out of reach at the start before the command gives up, ms. Later it never does. */
const FIRST_CONTACT_MS = 5_000;

export interface ServeFlags
	extends Pick<NodeOptions, "id" | "key" | "maxConcurrent"> {
	readonly gateway: string;
}

/**
 * Serves the functions of a file until a signal asks it to stop, then finishes running calls; a second signal ends
 * that. Answers the exit code; throws what is wrong with the file, the options, or the gateway's answer.
 */
export async function serveFile(
	file: string,
	flags: ServeFlags,
	output: Output,
	{ signals, changes }: Pick<Surroundings, "signals" | "changes">,
): Promise<number> {
	const path = resolve(file);
	if (!existsSync(path)) throw noSuchFile(file);
	const node = createNode({ ...flags, log: output.log });
	node.addEventListener("call", ({ call }) => output.call(call, new Date()));
	const stopped = signals.next().then(() => "stopped" as const);
	try {
		const started = await Promise.race([
			start(node, path, flags.gateway),
			stopped,
		]);
		if (started === "stopped") {
			await node.close();
			return EXIT.interrupted;
		}
		announce(node, started, flags.gateway, output);
		if (changes) void follow(node, changes, output);
	} catch (error) {
		await node.close();
		throw error;
	}
	const ended = await Promise.race([node.closed, stopped]);
	if (ended === "stopped") return drain(node, output, signals);
	if (ended === undefined) return EXIT.ok;
	output.error(ended);
	return exitCodeFor(ended);
}

/** Resolves with the functions' names once they are served. */
async function start(
	node: Node,
	path: string,
	gateway: string,
): Promise<readonly string[]> {
	const names = await node.register(pathToFileURL(path));
	const lost = deferred<never>();
	const cancel = systemClock.schedule(FIRST_CONTACT_MS, () =>
		lost.reject(unreachable(gateway, reason)),
	);
	let reason: EasyRemoteError | undefined;
	node.addEventListener("state", ({ state, error }) => {
		if (state === "registering") cancel();
		if (state === "waiting") reason = error;
	});
	try {
		await Promise.race([node.serve(), lost.promise]);
		return names;
	} finally {
		cancel();
	}
}

function announce(
	node: Node,
	functions: readonly string[],
	gateway: string,
	output: Output,
): void {
	const list = functions.join(", ");
	const example = `easyremote call ${node.id}.${functions[0] ?? ""} --gateway ${gateway}`;
	output.event(
		{ event: "serving", id: node.id, gateway, functions },
		`serving ${list} as "${node.id}" at ${gateway}\ncall with: ${example}\nCtrl-C finishes running calls and stops`,
	);
}

/** Serves the file anew each time it changes; one that cannot be loaded changes nothing. Never ends. */
async function follow(
	node: Node,
	changes: NonNullable<Surroundings["changes"]>,
	output: Output,
): Promise<never> {
	for (;;) {
		await changes.next();
		try {
			const functions = await node.reload();
			output.event(
				{ event: "reloaded", functions },
				`a source has changed: serving ${functions.join(", ")}`,
			);
		} catch (error) {
			output.error(error);
			output.event({ event: "kept" }, "serving what was there before");
		}
	}
}

async function drain(
	node: Node,
	output: Output,
	signals: Surroundings["signals"],
): Promise<number> {
	output.event(
		{ event: "draining" },
		"finishing running calls; once more to stop at once",
	);
	const code = await Promise.race([
		node.close().then(() => EXIT.ok),
		signals.next().then(() => EXIT.interrupted),
	]);
	output.event({ event: "closed" }, "stopped");
	return code;
}

function noSuchFile(file: string): EasyRemoteError {
	return new EasyRemoteError("INVALID_ARGUMENT", `there is no file ${file}`);
}

function unreachable(
	gateway: string,
	reason: EasyRemoteError | undefined,
): EasyRemoteError {
	return new EasyRemoteError(
		"UNAVAILABLE",
		`no gateway has answered at ${gateway} within ${FIRST_CONTACT_MS / 1000} s${reason ? `: ${reason.message}` : ""}`,
		{
			hint: "start one with easyremote-gateway, or name another with --gateway",
		},
	);
}
