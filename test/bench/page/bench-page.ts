import type { Gateway } from "@easyremote/gateway";

/** Where a tab finds what it serves. */
const TAB_FUNCTIONS = "/bench-functions.js";

const PAGE = `<!doctype html><title>benchmark</title>
<script type="module">
import { createClient } from "/client.js";
import { createBrowserNode } from "/browser-node.js";
import { pageCommands } from "/bench/page/page-commands.js";
window.bench = pageCommands(createClient, createBrowserNode, "${TAB_FUNCTIONS}");
</script>`;

/**
 * Adds to the gateway the page that drives loads from a browser; its modules come from `routeBenchModules`. Workers ask
 * the gateway itself for the functions of a tab that is a node: `functions` gives their code.
 */
export function addBenchPage(gateway: Gateway, functions: () => string): void {
	gateway.app.get("/bench/page", (context) => context.html(PAGE));
	gateway.app.get(TAB_FUNCTIONS, (context) =>
		context.body(functions(), 200, { "content-type": "text/javascript" }),
	);
}
