import MagicString from "magic-string";
import type { Plugin } from "rolldown";
import packageJson from "../package.json" with { type: "json" };

/** Where the late parts, which are modules, find what they share with the script: a script exports nothing. */
const SHARED = `globalThis[Symbol.for(${JSON.stringify(`${packageJson.name} ${packageJson.version}`)})]`;

/** The script's own address: `import()` in a script from elsewhere knows no other. */
const BASE =
	"const base = globalThis.document?.currentScript?.src ?? location.href;";

/**
 * Makes the entry a classic script that sets `globalName`, and has its chunks, which stay modules, take from that
 * script what they would import. Bundlers make one script of everything instead, or none.
 */
export function classicScript(globalName: string): Plugin {
	return {
		name: "classic-script",
		renderChunk(code, chunk) {
			const text = new MagicString(code);
			for (const node of this.parse(code).body) {
				if (node.type === "ImportDeclaration" && !chunk.isEntry) {
					if (!node.source.value.includes(".global.js")) continue;
					const names = node.specifiers.map((one) =>
						one.type === "ImportSpecifier"
							? `${nameOf(one.imported)}: ${one.local.name}`
							: this.error("a late part imports the whole script"),
					);
					const taken = `const { ${names.join(", ")} } = ${SHARED};`;
					text.overwrite(node.start, node.end, taken);
				}
				if (node.type === "ExportNamedDeclaration" && chunk.isEntry) {
					const open = new Set(
						this.getModuleInfo(chunk.facadeModuleId ?? "")?.exports,
					);
					const all = node.specifiers.map((one) => ({
						name: nameOf(one.exported),
						local: nameOf(one.local),
					}));
					const object = (entries: typeof all) =>
						`{ ${entries.map(({ name, local }) => `${name}: ${local}`).join(", ")} }`;
					const shown = object(all.filter(({ name }) => open.has(name)));
					text.overwrite(
						node.start,
						node.end,
						`${SHARED} = ${object(all)};\nreturn ${shown};`,
					);
				}
			}
			if (chunk.isEntry) {
				for (const { index, 0: start, 1: path } of code.matchAll(
					/\bimport\((["'`]\.\/[^"'`]+["'`])/g,
				))
					text.overwrite(
						index,
						index + start.length,
						`import(new URL(${path}, base).href`,
					);
				text.prepend(`globalThis.${globalName} = (() => {\n${BASE}\n`);
				text.append("\n})();\n");
			}
			return {
				code: text.toString(),
				map: text.generateMap({ hires: "boundary" }),
			};
		},
	};
}

function nameOf(node: {
	type: string;
	name?: string;
	value?: unknown;
}): string {
	return node.name ?? String(node.value);
}
