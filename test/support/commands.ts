import { Child, type ChildOptions } from "./child.js";

/** The command lines, from their sources. */
const MAIN = {
	gateway: new URL("../../gateway/src/cli/main.ts", import.meta.url),
	node: new URL("../../node-runtime/src/cli/main.ts", import.meta.url),
	client: new URL("../../client/src/cli/main.ts", import.meta.url),
} as const;

/** Runs `easyremote-gateway`, `easyremote-node` or `easyremote` as a process of its own. */
export function startCommand(
	name: keyof typeof MAIN,
	args: readonly string[],
	options: Omit<ChildOptions, "args"> = {},
): Child {
	return new Child(MAIN[name], { ...options, args });
}

/** Runs a command to its end and parses its standard output as lines of JSON; throws if it fails. */
export async function runJson<T>(
	name: keyof typeof MAIN,
	args: readonly string[],
	env: Readonly<Record<string, string>> = {},
): Promise<T[]> {
	const child = startCommand(name, [...args, "--json"], { env });
	const { code } = await child.exited;
	if (code !== 0)
		throw new Error(
			`${name} ${args.join(" ")} ended with ${code}: ${child.stderr}`,
		);
	return child.stdout
		.split("\n")
		.filter((line) => line !== "")
		.map((line) => JSON.parse(line) as T);
}

/** A gateway started by its command line, listening. */
export interface GatewayCommand {
	readonly child: Child;
	readonly url: string;
	readonly port: number;
}

/** Runs `easyremote-gateway --json` until it listens. */
export async function startGatewayCommand(
	args: readonly string[],
	options: Omit<ChildOptions, "args"> = {},
): Promise<GatewayCommand> {
	const child = startCommand("gateway", [...args, "--json"], options);
	try {
		const line = await child.line((text) => text.includes('"listening"'));
		const { url, port } = JSON.parse(line) as { url: string; port: number };
		return { child, url, port };
	} catch (error) {
		await child.close();
		throw error;
	}
}
