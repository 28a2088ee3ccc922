import { present } from "@easyremote/shared/shapes";
import type { Command } from "commander";
import type { ClientOptions } from "../client-options.js";
import type { Surroundings } from "./surroundings.js";

/** Where a gateway started without options is. */
const LOCAL_GATEWAY = "http://127.0.0.1:8080";

/** What every command takes. */
export interface CommonFlags {
	readonly gateway?: string;
	readonly key?: string;
	readonly json?: boolean;
}

/** Adds what every command takes. */
export function common(command: Command): Command {
	return command
		.option(
			"--gateway <url>",
			`where the gateway is (EASYREMOTE_GATEWAY, else ${LOCAL_GATEWAY})`,
		)
		.option("--key <key>", "API key (EASYREMOTE_KEY)")
		.option("--json", "results as one JSON value a line");
}

/** Which gateway is meant, and with what key. */
export function clientOptions(
	flags: CommonFlags,
	{ environment }: Pick<Surroundings, "environment">,
): Pick<ClientOptions, "gateway" | "key"> {
	// An empty variable is one that is not set.
	const key = flags.key ?? (environment["EASYREMOTE_KEY"] || undefined);
	return {
		gateway:
			flags.gateway ?? (environment["EASYREMOTE_GATEWAY"] || LOCAL_GATEWAY),
		...present({ key }),
	};
}
