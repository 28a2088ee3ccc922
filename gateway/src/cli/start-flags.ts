import { type Command, Option } from "commander";
import * as v from "valibot";
import { SETTINGS, SHORT_NAMES } from "./settings-schema.js";

/** Settings that `--help` explains one by one. The others have flags too. */
const EXPLAINED: Readonly<Record<string, readonly [string, string]>> = {
	port: [
		"<number>",
		"port of HTTP, WebSocket and STUN; 0 picks a free one (8080)",
	],
	host: ["<address>", "address to listen on (127.0.0.1)"],
	data: ["<folder>", "folder of the database (./easyremote-data)"],
	"tls.cert": ["<file>", "certificate chain, PEM"],
	"tls.key": ["<file>", "private key, PEM"],
	"tls.clientCa": [
		"<file>",
		"authorities whose client certificates are taken, PEM",
	],
	trustedProxies: [
		"<list>",
		"proxies before the gateway, by address or network: 127.0.0.1,10.0.0.0/8",
	],
	logLevel: [
		"<level>",
		"trace, debug, info, warn, error or silent (warn; with --json info)",
	],
};

const EPILOGUE = `
Every setting is a key of the config file, a variable and a flag: limits.maxConnections
is EASYREMOTE_LIMITS_MAX_CONNECTIONS and --limits-max-connections. Flags go before
variables before the file before defaults; --print-config shows them all.

Exit codes: 0 ok, 1 failure, 2 usage, 4 denied, 130 interrupted.`;

/** Adds a flag for every setting, most of them left out of `--help`. */
export function addStartFlags(command: Command): Command {
	for (const { name, flag, schema } of SETTINGS) {
		const [argument, description] = EXPLAINED[name] ?? [
			// What is yes or no needs no word behind it.
			v.is(schema, true) ? "[value]" : "<value>",
			undefined,
		];
		const option = new Option(`${flag} ${argument}`, description);
		command.addOption(description ? option : option.hideHelp());
	}
	return command
		.option(
			SHORT_NAMES["auth.allowAnonymous"]?.flag ?? "",
			"let callers without a key use functions that ask for none",
		)
		.option(
			SHORT_NAMES["donors.open"]?.flag ?? "",
			"let every browser donate that opens /donate, without a key",
		)
		.option("--config <file>", "settings as JSON")
		.option(
			"--print-config",
			"show the settings in force and where each comes from, and end",
		)
		.option("--json", "results and log as one JSON value a line")
		.addHelpText("after", EPILOGUE);
}
