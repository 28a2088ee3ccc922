import { toEasyRemoteError } from "@easyremote/shared/errors";
import { Command, CommanderError, Option } from "commander";
import type { Client } from "../client.js";
import { type ClientOptions, readClientOptions } from "../client-options.js";
import { call, type CallFlags } from "./call-command.js";
import { clientOptions, type CommonFlags, common } from "./common-flags.js";
import { doctor } from "./doctor/doctor-command.js";
import { EXIT, exitCodeFor } from "./exit-codes.js";
import { cancelJob, jobResult, jobs } from "./jobs-command.js";
import { functions, nodes } from "./list-commands.js";
import { Output } from "./output.js";
import {
	type ActByHttp,
	addPublishCommands,
} from "./publish/add-publish-commands.js";
import { PublishApi } from "./publish/publish-api.js";
import type { Surroundings } from "./surroundings.js";
import { types } from "./types/types-command.js";

/** What a command does with its client. */
type Work<T> = (client: Client, output: Output) => Promise<T>;

/** Does a command's work, and answers what came of it. */
type Act = <T>(flags: CommonFlags, work: Work<T>) => Promise<T>;

/**
 * Runs `easyremote` with arguments. Answers the exit code; failures are told on `err`, never thrown.
 *
 * @param connect makes the client; `createClient` outside of tests
 */
export async function run(
	args: readonly string[],
	surroundings: Surroundings,
	connect: (options: ClientOptions) => Client,
): Promise<number> {
	const { interrupted } = surroundings;
	let output = new Output(surroundings, args.includes("--json"));
	let connected = false;
	let code: number = EXIT.ok;
	const act: Act = async (flags, work) => {
		output = new Output(surroundings, flags.json === true);
		const client = connect(clientOptions(flags, surroundings));
		const stop = () => void client.close();
		interrupted.addEventListener("abort", stop);
		try {
			return await work(client, output);
		} finally {
			interrupted.removeEventListener("abort", stop);
			connected = client.state === "online";
			await client.close();
		}
	};
	const actByHttp: ActByHttp = async (flags, work) => {
		output = new Output(surroundings, flags.json === true);
		const { gateway, credential: key } = readClientOptions(
			clientOptions(flags, surroundings),
		);
		const api = new PublishApi({ gateway, key, signal: interrupted });
		try {
			await work(api, output);
		} finally {
			connected = api.reached;
		}
	};
	const ended = (found: number) => {
		code = found;
	};
	try {
		await build(act, actByHttp, ended, surroundings).parseAsync([...args], {
			from: "user",
		});
		return interrupted.aborted ? EXIT.interrupted : code;
	} catch (error) {
		// Commander has printed its own errors; help and version are none.
		if (error instanceof CommanderError)
			return error.exitCode === 0 ? EXIT.ok : EXIT.usage;
		if (interrupted.aborted) return EXIT.interrupted;
		await output.error(error);
		return exitCodeFor(toEasyRemoteError(error), connected);
	}
}

function build(
	act: Act,
	actByHttp: ActByHttp,
	ended: (code: number) => void,
	surroundings: Surroundings,
): Command {
	const program = new Command("easyremote")
		.description("Call functions on other machines.")
		.exitOverride()
		.configureOutput({
			writeOut: (text) => void surroundings.out.write(text),
			writeErr: (text) => void surroundings.err.write(text),
		})
		.showSuggestionAfterError();
	common(program.command("call"))
		.description("call a function and print its result")
		.argument("<ref>", '"node.function", or "function" for any node')
		.argument(
			"[args...]",
			"JSON; @FILE for the bytes of a file, - for standard input",
		)
		.option("--stream", "print the items of a generator as they come")
		.addOption(
			new Option("--transport <transport>", "the way to the node").choices([
				"auto",
				"direct",
				"relay",
			]),
		)
		.option("--timeout <duration>", "such as 500ms, 30s, 5m (60s)")
		.option("--quorum <n>", "equal answers wanted, each of another donor")
		.option("--spawn", "start a job, which goes on by itself, and print its id")
		.option("--verbose", "tell on standard error which way the call took")
		.addHelpText("after", EXAMPLES)
		.action(
			(
				reference: string,
				words: readonly string[],
				flags: CommonFlags & CallFlags,
			) =>
				act(flags, (client, output) =>
					call(client, reference, words, flags, output, surroundings),
				),
		);
	common(program.command("functions"))
		.description("list what may be called")
		.action((flags: CommonFlags) => act(flags, functions));
	common(program.command("nodes"))
		.description("list who may be called")
		.action((flags: CommonFlags) => act(flags, nodes));
	const jobCommands = common(program.command("jobs"))
		.description("list your jobs, or see to one of them")
		.action((flags: CommonFlags) => act(flags, jobs));
	common(jobCommands.command("cancel"))
		.description("cancel a job")
		.argument("<id>")
		.action((id: string, _flags: CommonFlags, command: Command) =>
			act(command.optsWithGlobals<CommonFlags>(), (client, output) =>
				cancelJob(client, id, output),
			),
		);
	common(jobCommands.command("result"))
		.description("wait for a job's result and print it")
		.argument("<id>")
		.option("--timeout <duration>", "how long to wait (without end)")
		.action((id: string, _flags: CommonFlags, command: Command) => {
			const flags = command.optsWithGlobals<
				CommonFlags & { readonly timeout?: string }
			>();
			return act(flags, (client, output) =>
				jobResult(client, id, flags.timeout, output),
			);
		});
	addPublishCommands(program, actByHttp, surroundings);
	common(program.command("types"))
		.description("print TypeScript declarations of what may be called")
		.action((flags: CommonFlags) => act(flags, types));
	common(program.command("doctor"))
		.description("check what calls need, and say what to do about it")
		.option("--node <id>", "the node to open paths to")
		.action(async (flags: CommonFlags & { readonly node?: string }) => {
			const { out, environment, interrupted: signal } = surroundings;
			const settings = readClientOptions(clientOptions(flags, surroundings));
			const colourful = out.isTerminal && !environment["NO_COLOR"];
			const { node } = flags;
			ended(
				await act(flags, (client, output) =>
					doctor({ client, settings, node, signal, output, colourful }),
				),
			);
		});
	return program;
}

const EXAMPLES = `
Examples:
  easyremote call add 1 2
  easyremote call gpu-1.greet '"world"'
  easyremote call resize @photo.jpg '{"width": 64}' > small.jpg`;
