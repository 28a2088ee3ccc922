/** A file shown on a page of documentation. */
export interface ShownFile {
	readonly name: string;
	readonly text: string;
}

/** A command shown on a page. */
export interface ShownCommand {
	readonly command: string;
	/** It goes on running while the next ones run. */
	readonly stays: boolean;
	/** What it must print; undefined if it may print what it likes. */
	readonly prints: string | undefined;
}

/** What of a page is held to be true by the tests. */
export interface Snippets {
	readonly files: readonly ShownFile[];
	readonly commands: readonly ShownCommand[];
}

/**
 * Reads a page's code blocks. A `ts` or `js` block whose first line is `// file: name` is a file. An `sh` block in
 * which a line ends in `# → text` is run line by line; a line that ends in `&` keeps running meanwhile.
 */
export function readSnippets(markdown: string): Snippets {
	const files: ShownFile[] = [];
	const commands: ShownCommand[] = [];
	for (const [, language = "", body = ""] of markdown.matchAll(
		/^```(\w+)\n(.*?)^```$/gms,
	)) {
		const name = /^\/\/ file: (\S+)/.exec(body)?.[1];
		if (name !== undefined && /^[jt]s$/.test(language))
			files.push({ name, text: body });
		if (language === "sh" && / # → /.test(body))
			commands.push(...body.split("\n").flatMap(readCommand));
	}
	return { files, commands };
}

function readCommand(line: string): ShownCommand[] {
	const [before = "", prints] = line.split(" # → ");
	const text = before.trim();
	if (text === "" || text.startsWith("#")) return [];
	const stays = text.endsWith("&");
	const command = stays ? text.slice(0, -1).trim() : text;
	return [{ command, stays, prints: prints?.trim() }];
}
