import { defineConfig, mergeConfig } from "vite";
import modules from "./vite.config.js";

/** `client.global.js`: all of the library in one classic script, as `window.EasyRemote`. Built beside `client.js`. */
export default defineConfig(
	mergeConfig(modules, {
		build: {
			emptyOutDir: false,
			rolldownOptions: {
				// There is none in a classic script, and nothing here asks for it: only the code that would preload chunks.
				checks: { emptyImportMeta: false },
				output: {
					format: "iife",
					name: "EasyRemote",
					entryFileNames: "[name].global.js",
					codeSplitting: false,
				},
			},
		},
	}),
);
