import { readFile } from "node:fs/promises";
import { setTimeout as pause } from "node:timers/promises";
import { define } from "@easyremote/shared";
import { z } from "zod";

/** Words that follow each two, as often as they do in this project's own introduction. */
const chain = await learn(new URL("../../README.md", import.meta.url));

/** Rambles on from a prompt, a word at a time, as a language model would; ends when it is left. */
export const tell = define(
	{
		description: "Tell a story, word by word",
		input: [
			z.string().max(200),
			z.number().int().min(1).max(1_000).default(120),
		],
		timeout: "5m",
	},
	async function* (call, prompt, words) {
		let [one, two] = startFor(prompt);
		try {
			for (let told = 0; told < words; told += 1) {
				yield `${one} `;
				const next: string =
					pick(chain.get(`${one} ${two}`)) ?? startFor("")[0];
				[one, two] = [two, next];
				await pause(30, undefined, { signal: call.signal });
			}
		} finally {
			call.log("the story is over");
		}
	},
);

async function learn(file: URL): Promise<Map<string, string[]>> {
	const words =
		(await readFile(file, "utf8")).match(/[\p{L}'’]+[.,:;]?/gu) ?? [];
	const learnt = new Map<string, string[]>();
	for (let at = 2; at < words.length; at += 1) {
		const before = `${words[at - 2]} ${words[at - 1]}`;
		const known = learnt.get(before) ?? [];
		learnt.set(before, [...known, words[at] ?? ""]);
	}
	return learnt;
}

/** Two words to begin with: some that go with the prompt's last word, if there are any. */
function startFor(prompt: string): [string, string] {
	const last = prompt.trim().split(/\s+/).at(-1)?.toLowerCase();
	const pairs = [...chain.keys()];
	const fitting = pairs.filter((pair) =>
		pair.toLowerCase().startsWith(`${last} `),
	);
	const [one = "Once", two = "upon"] = (
		pick(fitting) ??
		pick(pairs) ??
		""
	).split(" ");
	return [one, two];
}

function pick<T>(choices: readonly T[] | undefined): T | undefined {
	return choices?.[Math.floor(Math.random() * choices.length)];
}
