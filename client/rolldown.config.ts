import { fileURLToPath } from "node:url";
import {
	defineConfig,
	type OutputOptions,
	type RolldownOptions,
} from "rolldown";
import { classicScript } from "./build/classic-script.js";

const here = (path: string): string =>
	fileURLToPath(new URL(path, import.meta.url));

const common: RolldownOptions = {
	cwd: here("."),
	input: { client: here("src/index.ts") },
	platform: "browser",
	resolve: {
		// From sources, so that nothing else has to be built before.
		conditionNames: ["@easyremote/source", "browser", "import", "default"],
	},
	transform: { target: "es2022" },
	// Numbers of the protocol in place of their names, which are longer.
	optimization: { inlineConst: { mode: "all", pass: 3 } },
};

const output: OutputOptions = {
	dir: here("dist/browser"),
	sourcemap: true,
	minify: true,
	// The minifier puts constants in the place of their names, and only of those that are declared as such.
	topLevelVar: false,
	// All that a page loads first is one file, which compresses better than several.
	codeSplitting: { groups: [{ name: "library", tags: ["$initial"] }] },
};

/** The library for pages without a bundler. Its late parts, in `assets`, are fetched when the first call needs them. */
export default defineConfig([
	{
		...common,
		// `client.js` shows what pages may use of the library, and the late parts take from that what they share with it.
		preserveEntrySignatures: "strict",
		output: {
			...output,
			cleanDir: true,
			entryFileNames: "[name].js",
			chunkFileNames: "assets/[name]-[hash].js",
		},
	},
	{
		...common,
		plugins: [classicScript("EasyRemote")],
		// What the late parts need besides what pages may use.
		preserveEntrySignatures: "allow-extension",
		output: {
			...output,
			entryFileNames: "[name].global.js",
			chunkFileNames: "assets/global-[name]-[hash].js",
		},
	},
]);
