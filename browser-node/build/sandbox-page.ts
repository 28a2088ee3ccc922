import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import {
	build,
	type InlineConfig,
	type Plugin,
	type ResolveOptions,
} from "vite";

const here = (path: string): string =>
	fileURLToPath(new URL(`../src/${path}`, import.meta.url));

/**
 * Emits `sandbox.html`, which holds all of the sandbox in itself: the frame's script inline, and in that the Workers' boot
 * code as a `data:` URL. The gateway allows exactly this inline script, by its hash.
 */
export function sandboxPage(resolve: ResolveOptions): Plugin {
	return {
		name: "easyremote:sandbox-page",
		async generateBundle() {
			const worker = await singleScript("worker/sandbox-worker.ts", {
				resolve,
			});
			const encoded = Buffer.from(worker).toString("base64");
			const frame = await singleScript("sandbox/frame-script.ts", {
				resolve,
				define: {
					SANDBOX_WORKER: JSON.stringify(
						`data:text/javascript;charset=utf-8;base64,${encoded}`,
					),
				},
			});
			const page = await readFile(here("sandbox/sandbox.html"), "utf8");
			this.emitFile({
				type: "asset",
				fileName: "sandbox.html",
				source: page.replace("SANDBOX_FRAME", () => frame.trim()),
			});
		},
	};
}

/** Builds an entry into one script that imports nothing. */
async function singleScript(
	entry: string,
	config: InlineConfig,
): Promise<string> {
	const built = await build({
		...config,
		configFile: false,
		logLevel: "warn",
		build: {
			write: false,
			target: "es2023",
			minify: true,
			rolldownOptions: {
				input: here(entry),
				output: { format: "iife", codeSplitting: false },
			},
		},
	});
	const outputs = [built]
		.flat()
		.flatMap((each) => ("output" in each ? each.output : []));
	const [chunk, ...others] = outputs;
	if (chunk?.type !== "chunk" || others.length > 0)
		throw new Error(`${entry} was not built into one script`);
	return chunk.code;
}
