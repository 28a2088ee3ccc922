import { readFile } from "node:fs/promises";
import type { Plugin } from "rolldown";

/**
 * `import kernel from "./kernel.wasm"` gives a compiled `WebAssembly.Module`, its bytes being within the bundle. It is
 * compiled as the bundle is loaded, at once: a Worker may do that whatever the size.
 */
export function wasmPlugin(): Plugin {
	return {
		name: "easyremote-wasm",
		load: {
			filter: { id: /\.wasm$/ },
			async handler(id) {
				const base64 = (await readFile(id)).toString("base64");
				const bytes = `Uint8Array.from(atob(${JSON.stringify(base64)}), (each) => each.charCodeAt(0))`;
				return {
					code: `export default new WebAssembly.Module(${bytes});`,
					moduleType: "js",
				};
			},
		},
	};
}
