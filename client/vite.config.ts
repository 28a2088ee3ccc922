import { fileURLToPath } from "node:url";
import { defaultClientConditions, defineConfig } from "vite";

const here = (path: string): string =>
	fileURLToPath(new URL(path, import.meta.url));

/**
 * `client.js` for pages without a bundler, and beside it the code of direct connections, which is fetched
 * when the first one is wanted.
 */
export default defineConfig({
	root: here("."),
	base: "./",
	resolve: {
		// From sources, so that nothing else has to be built before.
		conditions: ["@easyremote/source", ...defaultClientConditions],
	},
	build: {
		outDir: here("dist/browser"),
		emptyOutDir: true,
		target: "es2022",
		sourcemap: true,
		// A list of what to preload would need the page's address at build time.
		modulePreload: false,
		rolldownOptions: {
			input: { client: here("src/index.ts") },
			preserveEntrySignatures: "strict",
			// Numbers of the protocol in place of their names, which are longer.
			optimization: { inlineConst: { mode: "all", pass: 3 } },
			output: {
				// The minifier puts constants in the place of their names, and only of those that are declared as such.
				topLevelVar: false,
				entryFileNames: "[name].js",
				chunkFileNames: "assets/[name]-[hash].js",
				// All that a page loads first is one file, which compresses better than two; `client.js` only names what
				// pages may use of it, and the late parts take from it what they share with it.
				codeSplitting: { groups: [{ name: "library", tags: ["$initial"] }] },
			},
		},
	},
});
