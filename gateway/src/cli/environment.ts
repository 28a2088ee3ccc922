import { EasyRemoteError } from "@easyremote/shared/errors";
import { didYouMean } from "@easyremote/shared/host";
import { SETTINGS, SHORT_NAMES } from "./settings-schema.js";

/** Names the config file. */
export const CONFIG_VARIABLE = "EASYREMOTE_CONFIG";

/** Variables that clients and nodes read: they may be set on the same machine. */
const OF_OTHERS = [
	"EASYREMOTE_GATEWAY",
	"EASYREMOTE_KEY",
	"EASYREMOTE_TOKEN",
	"EASYREMOTE_ID",
	"EASYREMOTE_LOG",
];

const KNOWN: ReadonlySet<string> = new Set([
	CONFIG_VARIABLE,
	...[...SETTINGS, ...Object.values(SHORT_NAMES)].map(
		({ variable }) => variable,
	),
	...OF_OTHERS,
]);

/** Throws INVALID_ARGUMENT that names a variable `EASYREMOTE_*` nobody knows, which is probably misspelt. */
export function checkVariables(
	environment: Readonly<Record<string, string | undefined>>,
): void {
	for (const name of Object.keys(environment)) {
		if (!name.startsWith("EASYREMOTE_") || KNOWN.has(name)) continue;
		const near = didYouMean(name, KNOWN);
		throw new EasyRemoteError(
			"INVALID_ARGUMENT",
			`unknown environment variable ${name}`,
			{
				hint: near
					? `Did you mean ${near}?`
					: "easyremote-gateway --print-config lists the settings: limits.maxConnections is EASYREMOTE_LIMITS_MAX_CONNECTIONS.",
			},
		);
	}
}
