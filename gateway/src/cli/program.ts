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
import { printConfig } from "./print-config.js";
import {
	type GivenFlags,
	settleDataFolder,
	settleSettings,
} from "./settle-settings.js";
import type { LogLevel } from "./settings-schema.js";
import { type Signals, start } from "./start-command.js";
import { addStartFlags } from "./start-flags.js";

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

type StartFlags = GivenFlags & Json & { readonly printConfig?: boolean };
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
	const program = addStartFlags(new Command("easyremote-gateway"))
		.description("The public server that introduces callers to machines.")
		.exitOverride()
		.configureOutput({
			writeOut: (text) => void out.write(text),
			writeErr: (text) => void err.write(text),
		})
		.showSuggestionAfterError()
		.action((flags: StartFlags) =>
			act(flags.json === true, async (output) => {
				const settled = settleSettings(flags, environment);
				if (flags.printConfig === true) {
					printConfig(settled, output);
					return EXIT.ok;
				}
				const log = logger(output.json, settled.settings.logLevel);
				return start(settled, output, log, signals);
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
			"what it may do, instead of what its role may: call:GLOB, node:GLOB, publish:GLOB, metrics, trusted, admin",
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
