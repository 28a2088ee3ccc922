import type { Gateway } from "../gateway.js";

/** What a human wants to know of a gateway that has just started: where it is, who may come in, what to type next. */
export function banner(gateway: Gateway): string {
	const { url, initialKey, developmentMode } = gateway;
	const key = initialKey === undefined ? "" : ` --key ${initialKey}`;
	const lines = [
		"",
		`EasyRemote gateway listening on ${url}`,
		"",
		`  dashboard     ${url}/`,
		`  donate a tab  ${url}/donate`,
		`  functions     ${url}/api`,
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
