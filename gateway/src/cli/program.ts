import { Command, CommanderError } from "commander";
import type { Logger } from "pino";
import { toEasyRemoteError } from "@easyremote/shared/errors";
import { EXIT, exitCodeFor } from "./exit-codes.js";
import {
	type KeyCreateFlags,
	keyCreate,
	keyList,
	keyRevoke,
} from "./key-command.js";
import { createOutput, type Output, type Streams } from "./output.js";
import {
	type FlagSettings,
	type LogLevel,
	settleDataFolder,
	settleSettings,
} from "./settings-sources.js";
import { type Signals, start } from "./start-command.js";

/** What the command line needs of the process it runs in. */
export interface Surroundings extends Streams {
	readonly environment: Readonly<Record<string, string | undefined>>;
	readonly signals: Signals;
	readonly now: () => number;
	/** Where the gateway logs; without a level, what suits the reader. */
	readonly logger: (json: boolean, level: LogLevel | undefined) => Logger;
}

interface Json {
	readonly json?: boolean;
}

type StartFlags = Omit<FlagSettings, "allowAnonymous"> &
	Json & { readonly allowAnonymous?: boolean };
type KeyFlags = Json & { readonly data?: string };

/** Runs `easyremote-gateway` with arguments. Answers the exit code; failures are told on `err`, never thrown. */
export async function run(
	args: readonly string[],
	surroundings: Surroundings,
): Promise<number> {
	let code: number = EXIT.ok;
	let output = createOutput(surroundings, args.includes("--json"));
	const act = (
		json: boolean | undefined,
		work: (output: Output) => Promise<number>,
	) => {
		output = createOutput(surroundings, json === true);
		return work(output).then((result) => {
			code = result;
		});
	};
	const program = build(act, surroundings);
	try {
		await program.parseAsync([...args], { from: "user" });
		return code;
	} catch (error) {
		// Commander has printed its own errors; help and version are none.
		if (error instanceof CommanderError)
			return error.exitCode === 0 ? EXIT.ok : EXIT.usage;
		output.error(error);
		return exitCodeFor(toEasyRemoteError(error).code);
	}
}

function build(
	act: (
		json: boolean | undefined,
		work: (output: Output) => Promise<number>,
	) => Promise<void>,
	{ environment, signals, logger, now, out, err }: Surroundings,
): Command {
	const program = new Command("easyremote-gateway")
		.description("The public server that introduces callers to machines.")
		.option(
			"--port <number>",
			"port of HTTP, WebSocket and STUN; 0 picks a free one (8080)",
		)
		.option("--host <address>", "address to listen on (127.0.0.1)")
		.option("--data <folder>", "folder of the database (./easyremote-data)")
		.option("--config <file>", "settings as JSON")
		.option("--tls-cert <file>", "certificate chain, PEM")
		.option("--tls-key <file>", "private key, PEM")
		.option(
			"--allow-anonymous",
			"let callers without a key use functions that ask for none",
		)
		.option(
			"--log-level <level>",
			"trace, debug, info, warn, error or silent (warn; with --json info)",
		)
		.option("--json", "results and log as one JSON value a line")
		.exitOverride()
		.configureOutput({
			writeOut: (text) => void out.write(text),
			writeErr: (text) => void err.write(text),
		})
		.showSuggestionAfterError()
		.action((flags: StartFlags) =>
			act(flags.json, (output) => {
				const { allowAnonymous, json = false, ...rest } = flags;
				const given =
					allowAnonymous === undefined
						? rest
						: { ...rest, allowAnonymous: String(allowAnonymous) };
				const settings = settleSettings(given, environment);
				const log = logger(json, settings.logLevel);
				return start(settings, output, log, signals);
			}),
		);
	const folderOf = (flags: KeyFlags) =>
		settleDataFolder({ data: flags.data }, environment);
	const done = async (work: Promise<void>) => {
		await work;
		return EXIT.ok;
	};
	const key = program
		.command("key")
		.description(
			"create, list and revoke API keys, beside a running gateway too",
		);
	withKeyFlags(key.command("create"))
		.description("make a key and print it")
		.requiredOption("--role <role>", "node, client, publisher or admin")
		.option("--name <name>", "a word for it")
		.option(
			"--grant <grants...>",
			"what it may do, instead of what its role may: call:GLOB, node:GLOB, publish:GLOB, metrics, admin",
		)
		.option("--expires <duration>", "for how long it is valid, such as 30d")
		.action((_flags, command: Command) => {
			const flags = command.optsWithGlobals<KeyFlags & KeyCreateFlags>();
			return act(flags.json, (output) =>
				done(keyCreate(folderOf(flags), flags, output, now())),
			);
		});
	withKeyFlags(key.command("list"))
		.description("show the keys, not their secrets")
		.action((_flags, command: Command) => {
			const flags = command.optsWithGlobals<KeyFlags>();
			return act(flags.json, (output) =>
				done(keyList(folderOf(flags), output, now())),
			);
		});
	withKeyFlags(key.command("revoke"))
		.description("make a key void; its connections are closed within seconds")
		.argument("<id>", "as key list shows it")
		.action((id: string, _flags, command: Command) => {
			const flags = command.optsWithGlobals<KeyFlags>();
			return act(flags.json, (output) =>
				done(keyRevoke(folderOf(flags), id, output, now())),
			);
		});
	return program;
}

function withKeyFlags(command: Command): Command {
	return command
		.option("--data <folder>", "folder of the database (./easyremote-data)")
		.option("--json", "results as one JSON value a line");
}
