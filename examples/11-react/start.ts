import { fileURLToPath } from "node:url";
import { createGateway } from "@easyremote/gateway";
import { createNode } from "@easyremote/node-runtime";
import { build, defaultClientConditions } from "vite";
import * as functions from "./functions.js";

const PAGE = `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<link rel="icon" href="data:,">
<title>React · EasyRemote example</title>
<div id="root"></div>
<script type="module" src="/react/page.js"></script>
</html>`;

// As `vite build` would, but kept in memory. A project of your own needs no conditions: here the packages' sources are taken.
const built = await build({
	root: fileURLToPath(new URL(".", import.meta.url)),
	base: "./",
	logLevel: "warn",
	configFile: false,
	resolve: { conditions: ["@easyremote/source", ...defaultClientConditions] },
	build: {
		write: false,
		modulePreload: false,
		rolldownOptions: {
			input: "page.tsx",
			output: { entryFileNames: "[name].js" },
		},
	},
});
if (!("output" in built)) throw new Error("vite built no single bundle");

const gateway = createGateway({ port: Number(process.env.PORT ?? 8080) });
gateway.app.get("/react", (context) => context.html(PAGE));
for (const file of built.output) {
	gateway.app.get(`/react/${file.fileName}`, (context) =>
		context.body(file.type === "chunk" ? file.code : file.source.slice(), 200, {
			"content-type": "text/javascript",
		}),
	);
}
await gateway.listen();

const node = createNode({ gateway: gateway.url, id: "mathematician" });
node.register(functions);
await node.serve();
console.log(`Open ${gateway.url}/react and type a number`);

process.once("SIGINT", () => {
	void Promise.all([node.close(), gateway.close()]).then(() => process.exit(0));
});
