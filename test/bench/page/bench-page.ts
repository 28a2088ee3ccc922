import { readFile } from "node:fs/promises";
import type { Gateway } from "@easyremote/gateway";
import ts from "typescript";

const PAGE = `<!doctype html><title>benchmark</title>
<script type="module">
import { createClient } from "/client.js";
import { pageCommands } from "/bench/page/page-commands.js";
window.bench = pageCommands(createClient);
</script>`;

/** A file of the benchmark, as pages ask for it. */
const MODULE = /^\/bench\/((?:[a-z]+\/)?[a-z0-9-]+)\.js$/;

/** Adds to the gateway the page that drives loads from a browser, and the modules of this folder that it imports. */
export function addBenchPage(gateway: Gateway): void {
	gateway.app.get("/bench/page", (context) => context.html(PAGE));
	gateway.app.get("/bench/*", async (context) => {
		const [, module] = MODULE.exec(context.req.path) ?? [];
		if (module === undefined) return context.notFound();
		const source = new URL(`../${module}.ts`, import.meta.url);
		const { outputText } = ts.transpileModule(await readFile(source, "utf8"), {
			compilerOptions: {
				module: ts.ModuleKind.ESNext,
				target: ts.ScriptTarget.ES2023,
			},
		});
		return context.body(outputText, 200, { "content-type": "text/javascript" });
	});
}
