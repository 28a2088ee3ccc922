// Keeps the top level as small as the architecture says, and files short enough to read in one sitting.
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

const root = join(import.meta.dirname, "..");
const maxLines = 400;
const folders = [
	"gateway",
	"node-runtime",
	"browser-node",
	"client",
	"shared",
	"examples",
	"test",
];
const files =
	/^(README\.md|CHANGELOG\.md|CONTRIBUTING\.md|LICENSE|package\.json|package-lock\.json|tsconfig.*\.json|.*\.config\..*|knip\.json|.*rc\.json)$/;
const sources = /\.(ts|tsx|js|mjs|css|html)$/;
const untracked = new Set(["node_modules", "dist", "coverage", "data"]);

const problems = [];
for (const entry of readdirSync(root, { withFileTypes: true })) {
	if (entry.name.startsWith(".") || untracked.has(entry.name)) continue;
	const expected = entry.isDirectory()
		? folders.includes(entry.name)
		: files.test(entry.name);
	if (!expected)
		problems.push(`${entry.name}: does not belong at the top level`);
}

function measure(folder) {
	for (const entry of readdirSync(join(root, folder), {
		withFileTypes: true,
	})) {
		if (untracked.has(entry.name)) continue;
		const path = `${folder}/${entry.name}`;
		if (entry.isDirectory()) measure(path);
		else if (sources.test(entry.name)) {
			const lines =
				readFileSync(join(root, path), "utf8").split("\n").length - 1;
			if (lines > maxLines)
				problems.push(
					`${path}: ${lines} lines, at most ${maxLines}: split it by concept`,
				);
		}
	}
}
for (const folder of folders) measure(folder);

for (const problem of problems) process.stderr.write(`${problem}\n`);
process.exitCode = problems.length === 0 ? 0 : 1;
