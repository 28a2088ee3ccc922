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
			const { body } = this.parse(code);
			if (!chunk.isEntry) {
				for (const node of body) {
					if (node.type !== "ImportDeclaration") continue;
					if (!node.source.value.includes(".global.js")) continue;
					const names = node.specifiers.map((one) =>
						one.type === "ImportSpecifier"
							? `${nameOf(one.imported)}: ${one.local.name}`
							: this.error("a late part imports the whole script"),
					);
					const taken = `const { ${names.join(", ")} } = ${SHARED};`;
					text.overwrite(node.start, node.end, taken);
				}
				return rendered(text);
			}
			const open = new Set(
				this.getModuleInfo(chunk.facadeModuleId ?? "")?.exports,
			);
			for (const node of body) {
				if (node.type !== "ExportNamedDeclaration") continue;
				const all = node.specifiers.map((one) => ({
					name: nameOf(one.exported),
					local: nameOf(one.local),
				}));
				const shown = all.filter(({ name }) => open.has(name));
				const end = `${SHARED} = ${literal(all)};\nreturn ${literal(shown)};`;
				text.overwrite(node.start, node.end, end);
			}
			for (const { index, 0: start, 1: path } of code.matchAll(
				/\bimport\((["'`]\.\/[^"'`]+["'`])/g,
			)) {
				const absolute = `import(new URL(${path}, base).href`;
				text.overwrite(index, index + start.length, absolute);
			}
			text.prepend(`globalThis.${globalName} = (() => {\n${BASE}\n`);
			text.append("\n})();\n");
			return rendered(text);
		},
	};
}

function rendered(text: MagicString) {
	return {
		code: text.toString(),
		map: text.generateMap({ hires: "boundary" }),
	};
}

/** An object as it is written in code. */
function literal(
	entries: readonly { readonly name: string; readonly local: string }[],
): string {
	return `{ ${entries.map(({ name, local }) => `${name}: ${local}`).join(", ")} }`;
}

function nameOf(node: {
	type: string;
	name?: string;
	value?: unknown;
}): string {
	return node.name ?? String(node.value);
}
