import type { Gateway } from "../gateway.js";
import type { ShownSetting } from "./print-config.js";

/**
 * What a human wants to know of a gateway that has just started: where it is, how it was set, who may come in, what to
 * type next.
 *
 * @param given the settings that are not left at their defaults, without secrets
 */
export function banner(
	gateway: Gateway,
	given: Readonly<Record<string, ShownSetting>>,
): string {
	const { url, initialKey, developmentMode } = gateway;
	const key = initialKey === undefined ? "" : ` --key ${initialKey}`;
	const lines = [
		"",
		`EasyRemote gateway listening on ${url}`,
		"",
		`  dashboard     ${url}/`,
		`  donate a tab  ${url}/donate`,
		`  functions     ${url}/api`,
		...describeGiven(given),
		"",
	];
	if (developmentMode) {
		lines.push(
			"Development mode: everything on this machine may connect and call without a key.",
		);
		lines.push(
			"The first key created ends it: easyremote-gateway key create --role admin",
			"",
		);
	}
	if (initialKey !== undefined) {
		lines.push("Admin key, shown this once:", "", `  ${initialKey}`, "");
	}
	lines.push(
		"Next, serve the functions of a module:",
		"",
		`  npx easyremote-node functions.js --gateway ${url}${key}`,
		"",
	);
	return lines.join("\n");
}

const PLACES = {
	flag: "flags",
	environment: "environment",
	default: "default",
} as const;

/** A line for each place that settings came from: values may be long, and `--print-config` shows them. */
function describeGiven(
	given: Readonly<Record<string, ShownSetting>>,
): readonly string[] {
	const byPlace = new Map<string, string[]>();
	for (const [name, { source, from }] of Object.entries(given)) {
		const place = source === "file" ? (from ?? "") : PLACES[source];
		byPlace.set(place, [...(byPlace.get(place) ?? []), name]);
	}
	return [...byPlace].map(
		([place, names]) => `  settings      ${names.join(", ")} (${place})`,
	);
}
