import { readFile } from "node:fs/promises";
import ts from "typescript";

/** A module in TypeScript as pages take it: without its types. */
export async function asJavaScript(file: URL): Promise<string> {
	const { outputText } = ts.transpileModule(await readFile(file, "utf8"), {
		compilerOptions: {
			module: ts.ModuleKind.ESNext,
			target: ts.ScriptTarget.ES2023,
		},
	});
	return outputText;
}
