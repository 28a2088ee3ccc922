import { EasyRemoteError } from "@easyremote/shared/errors";
import * as v from "valibot";
import type { SettingLeaf } from "./setting-leaves.js";
import { maySayOf } from "./setting-secrets.js";

const WORDS: ReadonlyMap<string, boolean> = new Map([
	["true", true],
	["yes", true],
	["1", true],
	["false", false],
	["no", false],
	["0", false],
	["", false],
]);

/**
 * Reads a setting that somebody has given as text. Its schema decides what the text is: a number, yes or no, a list
 * separated by commas, JSON, or just a text. Throws INVALID_ARGUMENT that names the setting and `where` it came from.
 */
export function readSettingText(
	leaf: SettingLeaf,
	text: string,
	where: string,
): unknown {
	let issue: v.BaseIssue<unknown> | undefined;
	for (const reading of readings(text)) {
		const result = v.safeParse(leaf.schema, reading);
		if (result.success) return reading;
		// A value of the right kind that is wrong tells more than one of the wrong kind.
		if (issue?.kind !== "validation") [issue] = result.issues;
	}
	const problem = maySayOf(leaf.name, text)
		? (issue?.message ?? "not valid")
		: "this is not what it should be";
	throw new EasyRemoteError(
		"INVALID_ARGUMENT",
		`invalid setting "${leaf.name}" from ${where}: ${problem}`,
		{ details: { option: leaf.name } },
	);
}

/** What a text may stand for, the likeliest first. */
function* readings(text: string): Generator {
	const json = parseJson(text);
	if (json !== undefined && typeof json !== "string") yield json;
	if (text.includes(",")) yield listIn(text);
	yield text;
	const word = WORDS.get(text.toLowerCase());
	if (word !== undefined) yield word;
	yield listIn(text);
}

function listIn(text: string): readonly string[] {
	return text
		.split(",")
		.map((item) => item.trim())
		.filter((item) => item !== "");
}

function parseJson(text: string): unknown {
	try {
		return JSON.parse(text);
	} catch {
		// Then it is a text, or a list of them.
		return undefined;
	}
}
