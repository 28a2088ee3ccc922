import { fileURLToPath } from "node:url";
import { defaultClientConditions, defineConfig } from "vite";
import { sandboxPage } from "./build/sandbox-page.js";

const here = (path: string): string =>
	fileURLToPath(new URL(path, import.meta.url));

/** What is loaded by name, and so has no hash in it. */
const LIBRARIES = ["browser-node", "embed"];

/** Workspace packages are built from their sources, so that nothing else has to be built before. */
const resolve = {
	conditions: ["@easyremote/source", ...defaultClientConditions],
	// The package's own entry wants Node's globals; this one is its build for browsers.
	alias: [
		{ find: /^simple-peer$/, replacement: "simple-peer/simplepeer.min.js" },
	],
};

/**
 * The pages the gateway serves, and beside them what other sites load by name: `browser-node.js`, the library for pages
 * without a bundler, and `embed.js`, the element.
 * Its Workers are files of their own, with hashed names, under `assets`.
 */
export default defineConfig({
	root: here("src/pages"),
	// Relative, so that the files work under any path and the library from any server.
	base: "./",
	resolve,
	plugins: [sandboxPage(resolve)],
	worker: { format: "es" },
	build: {
		outDir: here("dist/browser"),
		emptyOutDir: true,
		target: "es2023",
		// A file that is inlined as data: would need a weaker content security policy.
		assetsInlineLimit: 0,
		sourcemap: true,
		rolldownOptions: {
			checks: { bundlerTimings: false },
			input: {
				donate: here("src/pages/donate.html"),
				"embed-page": here("src/pages/embed.html"),
				embed: here("src/embed/embed.ts"),
				"browser-node": here("src/index.ts"),
			},
			preserveEntrySignatures: "exports-only",
			output: {
				entryFileNames: ({ name }) =>
					LIBRARIES.includes(name) ? "[name].js" : "assets/[name]-[hash].js",
			},
		},
	},
});
