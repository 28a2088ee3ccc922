import { runJson } from "./commands.js";

/** Makes a key as an operator does. */
export async function createKey(
	data: string,
	...flags: string[]
): Promise<string> {
	const [created] = await runJson<{ key: string }>("gateway", [
		"key",
		"create",
		"--data",
		data,
		...flags,
	]);
	if (!created) throw new Error("no key was printed");
	return created.key;
}
