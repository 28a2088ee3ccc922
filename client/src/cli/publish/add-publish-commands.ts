import { DETERMINISM, ISOLATIONS } from "@easyremote/shared/protocol";
import { type Command, Option } from "commander";
import { type CommonFlags, common } from "../common-flags.js";
import type { Output } from "../output.js";
import type { Surroundings } from "../surroundings.js";
import { bundles, unpublish } from "./bundle-commands.js";
import type { PublishApi } from "./publish-api.js";
import { publish } from "./publish-command.js";
import type { PublishFlags } from "./publish-flags.js";

/** Does the work of a command that needs no more of the gateway than HTTP. */
export type ActByHttp = (
	flags: CommonFlags,
	work: (api: PublishApi, output: Output) => Promise<void>,
) => Promise<void>;

/** Adds `publish`, `unpublish` and `bundles`. */
export function addPublishCommands(
	program: Command,
	act: ActByHttp,
	surroundings: Surroundings,
): void {
	common(program.command("publish"))
		.description("publish a module's functions, for donors to run")
		.argument("<file>", "a module: TypeScript or JavaScript")
		.requiredOption("--name <name>", "what it is called: NAME/function")
		.option("--version <version>", "of this content (part of its hash)")
		.option("--description <text>", "for people who donate")
		.addOption(
			new Option(
				"--isolation <isolation>",
				"whether calls follow each other in one Worker (reuse)",
			).choices(ISOLATIONS),
		)
		.addOption(
			new Option(
				"--deterministic <where>",
				"where results can be compared, of functions that do not say",
			).choices(DETERMINISM),
		)
		.option("--webgpu", "functions need WebGPU, unless they say otherwise")
		.option("--memory <size>", "functions need so much, such as 512MB")
		.option("--engine <name>", "functions need it: chromium, firefox, safari")
		.action((file: string, flags: CommonFlags & PublishFlags) =>
			act(flags, (api, output) =>
				publish(file, flags, api, output, surroundings),
			),
		);
	common(program.command("unpublish"))
		.description("take back what was published")
		.argument("<bundle>", '"name@version", or "name" for all its versions')
		.action((place: string, flags: CommonFlags) =>
			act(flags, (api, output) => unpublish(place, api, output)),
		);
	common(program.command("bundles"))
		.description("list what is published")
		.action((flags: CommonFlags) => act(flags, bundles));
}
