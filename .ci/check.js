// Runs every static check, two at a time, and reports all that failed.
import { spawn } from "node:child_process";
import { delimiter, join } from "node:path";

const root = join(import.meta.dirname, "..");
const packages = [
	"shared",
	"gateway",
	"node-runtime",
	"browser-node",
	"client",
	"examples",
	"test",
];
const steps = [
	["lint", "eslint", "--max-warnings=0", "."],
	["types", "tsc", "-b"],
	[
		"imports",
		"depcruise",
		"--config",
		".dependency-cruiser.mjs",
		"--output-type",
		"err",
		...packages,
	],
	["dead code", "knip"],
	["format", "biome", "format"],
	["layout", process.execPath, ".ci/layout.js"],
];

function run([name, command, ...args]) {
	const started = performance.now();
	return new Promise((resolve) => {
		const child = spawn(command, args, {
			cwd: root,
			stdio: ["ignore", "pipe", "pipe"],
			env: {
				...process.env,
				PATH: join(root, "node_modules/.bin") + delimiter + process.env.PATH,
			},
		});
		const output = [];
		child.stdout.on("data", (chunk) => output.push(chunk));
		child.stderr.on("data", (chunk) => output.push(chunk));
		child.on("error", (error) =>
			output.push(Buffer.from(`${error.message}\n`)),
		);
		child.on("close", (code) => {
			const seconds = ((performance.now() - started) / 1000).toFixed(1);
			if (code !== 0) {
				process.stdout.write(`\n--- ${name}\n`);
				process.stdout.write(Buffer.concat(output));
			}
			resolve({ name, ok: code === 0, seconds });
		});
	});
}

const waiting = [...steps];
const results = [];
async function lane() {
	for (let step = waiting.shift(); step !== undefined; step = waiting.shift())
		results.push(await run(step));
}
await Promise.all([lane(), lane()]);
for (const { name, ok, seconds } of results) {
	process.stdout.write(`${ok ? "ok    " : "FAILED"} ${name} (${seconds} s)
`);
}
process.exitCode = results.every(({ ok }) => ok) ? 0 : 1;
