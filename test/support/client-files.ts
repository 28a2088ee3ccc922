import { readdir, readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";

/** A built file of the client for browsers, and what it takes on the way to a page. */
export interface ClientFile {
	readonly name: string;
	readonly gzipBytes: number;
}

/** What a page loads of the client: `first` before it can call anything, `later` when it uses what they are for. */
export interface ClientFiles {
	readonly first: readonly ClientFile[];
	readonly later: readonly ClientFile[];
	/** The classic script, whose late parts are as large as those. */
	readonly global: ClientFile;
}

/** The files behind `/client.js`, as built. */
export async function clientFiles(): Promise<ClientFiles> {
	const folder = new URL("../../client/dist/browser/", import.meta.url);
	const first: ClientFile[] = [];
	const seen = new Set<string>();
	const visit = async (file: URL): Promise<void> => {
		if (seen.has(file.href)) return;
		seen.add(file.href);
		const code = await readFile(file, "utf8");
		first.push(fileOf(file, code));
		for (const [, path] of code.matchAll(/\bfrom ?"([^"]+)"/g))
			if (path?.startsWith(".")) await visit(new URL(path, file));
	};
	await visit(new URL("client.js", folder));
	const later: ClientFile[] = [];
	for (const name of await readdir(new URL("assets/", folder))) {
		const file = new URL(`assets/${name}`, folder);
		if (!name.endsWith(".js") || name.startsWith("global-")) continue;
		if (seen.has(file.href)) continue;
		later.push(fileOf(file, await readFile(file, "utf8")));
	}
	const script = new URL("client.global.js", folder);
	const global = fileOf(script, await readFile(script, "utf8"));
	return { first, later, global };
}

/** Bytes of all of them together. */
export function gzipBytes(files: readonly ClientFile[]): number {
	return files.reduce((sum, file) => sum + file.gzipBytes, 0);
}

function fileOf(file: URL, code: string): ClientFile {
	const name = fileURLToPath(file).split("/").at(-1) ?? "";
	return { name, gzipBytes: gzipSync(code).length };
}
