import { Command, CommanderError, InvalidArgumentError } from "commander";
import { EasyRemoteError, toEasyRemoteError } from "@easyremote/shared/errors";
import { VERSION } from "../version.js";
import { donate } from "./donate-command.js";
import { EXIT, exitCodeFor } from "./exit-codes.js";
import { Output } from "./output.js";
import { serveFile } from "./serve-command.js";
import type { Surroundings } from "./surroundings.js";
import { serveAndWatch } from "./watch-command.js";

/** Where a gateway listens that was started without settings. */
const LOCAL_GATEWAY = "http://127.0.0.1:8080";

interface Flags {
	readonly gateway?: string;
	readonly id?: string;
	readonly key?: string;
	readonly concurrency?: number;
	readonly watch?: boolean;
	readonly donate?: boolean;
	/** Commander's word for what `--no-sandbox` turns off. */
	readonly sandbox: boolean;
	readonly force?: boolean;
	readonly json?: boolean;
}

/** Runs `easyremote-node` with arguments. Answers the exit code; failures are told, never thrown. */
export async function run(
	args: readonly string[],
	surroundings: Surroundings,
): Promise<number> {
	let code: number = EXIT.ok;
	const program = new Command("easyremote-node")
		.description(
			"Serve the functions that a JavaScript or TypeScript file exports.",
		)
		.version(VERSION)
		.argument("[file]", "module whose exported functions are served")
		.option(
			"--gateway <url>",
			`where the gateway is (EASYREMOTE_GATEWAY, else ${LOCAL_GATEWAY})`,
		)
		.option("--id <id>", "id of this node (made from the machine's name)")
		.option("--key <key>", "API key (EASYREMOTE_KEY)")
		.option(
			"--concurrency <number>",
			"calls that run at once (10)",
			wholeNumber,
		)
		.option(
			"--watch",
			"serve sources anew when they change; running calls finish with what they began with",
		)
		.option(
			"--donate",
			"run what others have published, in a headless browser, in place of a file",
		)
		.option("--no-sandbox", "with --donate: without the browser's sandbox")
		.option("--force", "with --no-sandbox: I mean it")
		.option("--json", "events as one JSON value a line")
		.exitOverride()
		.configureOutput({
			writeOut: (text) => void surroundings.out.write(text),
			writeErr: (text) => void surroundings.err.write(text),
		})
		.showSuggestionAfterError()
		.action(async (file: string | undefined, flags: Flags) => {
			code = await act(file, flags, args, surroundings);
		});
	try {
		await program.parseAsync([...args], { from: "user" });
		return code;
	} catch (error) {
		// Commander has printed its own errors; help and version are none.
		if (error instanceof CommanderError)
			return error.exitCode === 0 ? EXIT.ok : EXIT.usage;
		new Output(surroundings, args.includes("--json")).error(error);
		return exitCodeFor(toEasyRemoteError(error));
	}
}

function act(
	file: string | undefined,
	flags: Flags,
	args: readonly string[],
	surroundings: Surroundings,
): Promise<number> {
	const { environment } = surroundings;
	const output = new Output(surroundings, flags.json === true);
	const { id, key, concurrency } = flags;
	const gateway =
		flags.gateway ?? (environment["EASYREMOTE_GATEWAY"] || LOCAL_GATEWAY);
	if (flags.donate === true) {
		if (file !== undefined) throw eitherOr();
		const { sandbox, force = false } = flags;
		return donate(
			{
				gateway,
				key: key ?? (environment["EASYREMOTE_KEY"] || undefined),
				cores: concurrency,
				sandbox,
				force,
			},
			output,
			surroundings,
		);
	}
	if (file === undefined) throw nothingToServe();
	if (flags.watch === true) {
		const rest = args.filter((arg) => arg !== "--watch");
		return serveAndWatch(file, rest, output, surroundings);
	}
	return serveFile(
		file,
		{ gateway, id, key, maxConcurrent: concurrency },
		output,
		surroundings,
	);
}

function nothingToServe(): EasyRemoteError {
	return new EasyRemoteError("INVALID_ARGUMENT", "there is nothing to serve", {
		hint: "name a file (easyremote-node functions.ts), or donate (easyremote-node --donate)",
	});
}

function eitherOr(): EasyRemoteError {
	return new EasyRemoteError(
		"INVALID_ARGUMENT",
		"a donor runs what others have published, and no file of its own",
		{ hint: "start a second easyremote-node for the file" },
	);
}

function wholeNumber(text: string): number {
	const number = Number(text);
	if (Number.isInteger(number) && number > 0) return number;
	throw new InvalidArgumentError("It must be a whole number over 0.");
}
