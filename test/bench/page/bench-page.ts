import type { Gateway } from "@easyremote/gateway";

const PAGE = `<!doctype html><title>benchmark</title>
<script type="module">
import { createClient } from "/client.js";
import { pageCommands } from "/bench/page/page-commands.js";
window.bench = pageCommands(createClient);
</script>`;

/** Adds to the gateway the page that drives loads from a browser; its modules come from `routeBenchModules`. */
export function addBenchPage(gateway: Gateway): void {
	gateway.app.get("/bench/page", (context) => context.html(PAGE));
}
