import { EasyRemoteError } from "@easyremote/shared/errors";
import * as v from "valibot";
import type { SettingLeaf } from "../config/setting-leaves.js";
import { readSettingText } from "../config/setting-text.js";
import { maySayOf } from "../config/setting-secrets.js";
import { type ConfigFile, readConfigFile } from "./config-file.js";
import { CONFIG_VARIABLE, checkVariables } from "./environment.js";
import type { SettingOrigin } from "./setting-origins.js";
import {
	SETTINGS,
	settingsSchema,
	SHORT_NAMES,
	type StartSettings,
} from "./settings-schema.js";

/** Flags as a command line was parsed, by the attribute of each setting; `true` is a flag without a value. */
export type GivenFlags = Readonly<Record<string, string | boolean | undefined>>;

export type Environment = Readonly<Record<string, string | undefined>>;

/** Settings, and where each came from. */
export interface SettledSettings {
	readonly settings: StartSettings;
	/** By the name of the setting. */
	readonly origins: ReadonlyMap<string, SettingOrigin>;
}

/** A value that somebody has given. */
interface Given {
	readonly value: unknown;
	readonly origin: SettingOrigin;
}

/**
 * Settles on settings: flags before environment before config file before defaults, each setting for itself.
 * Throws INVALID_ARGUMENT that names the setting at fault and where it came from.
 */
export function settleSettings(
	flags: GivenFlags,
	environment: Environment,
): SettledSettings {
	checkVariables(environment);
	const path = flags["config"] ?? environment[CONFIG_VARIABLE];
	const file = typeof path === "string" ? readConfigFile(path) : undefined;
	const origins = new Map<string, SettingOrigin>();
	const chosen: Record<string, unknown> = {};
	for (const leaf of SETTINGS) {
		const given =
			fromFlags(leaf, flags) ??
			fromEnvironment(leaf, environment) ??
			(file && fromFile(leaf, file));
		origins.set(leaf.name, given?.origin ?? { source: "default" });
		if (given) place(chosen, leaf.path, given.value);
	}
	return { settings: complete(chosen, origins), origins };
}

/** Folder of the database for commands that need nothing else. */
export function settleDataFolder(
	flags: GivenFlags,
	environment: Environment,
): string {
	return settleSettings(flags, environment).settings.data;
}

function fromFlags(leaf: SettingLeaf, flags: GivenFlags): Given | undefined {
	for (const { attribute, flag } of namesOf(leaf)) {
		const text = flags[attribute];
		if (text === undefined) continue;
		const value = readSettingText(leaf, String(text), flag);
		return { value, origin: { source: "flag", name: flag } };
	}
	return undefined;
}

function fromEnvironment(
	leaf: SettingLeaf,
	environment: Environment,
): Given | undefined {
	for (const { variable } of namesOf(leaf)) {
		const text = environment[variable];
		if (text === undefined) continue;
		const value = readSettingText(leaf, text, variable);
		return { value, origin: { source: "environment", name: variable } };
	}
	return undefined;
}

function fromFile(leaf: SettingLeaf, file: ConfigFile): Given | undefined {
	let value: unknown = file.settings;
	for (const key of leaf.path)
		value = (value as Record<string, unknown> | undefined)?.[key];
	if (value === undefined) return undefined;
	return { value, origin: { source: "file", name: file.path } };
}

function namesOf(
	leaf: SettingLeaf,
): readonly Pick<SettingLeaf, "attribute" | "flag" | "variable">[] {
	const short = SHORT_NAMES[leaf.name];
	return short ? [leaf, short] : [leaf];
}

/** Puts a value where its keys say. */
function place(
	target: Record<string, unknown>,
	[key = "", ...rest]: readonly string[],
	value: unknown,
): void {
	if (rest.length === 0) target[key] = value;
	else place((target[key] ??= {}) as Record<string, unknown>, rest, value);
}

/** Each value is good by itself; whether they go together shows here. */
function complete(
	chosen: Record<string, unknown>,
	origins: ReadonlyMap<string, SettingOrigin>,
): StartSettings {
	const result = v.safeParse(settingsSchema, chosen, { abortEarly: true });
	if (result.success) return result.output;
	const [issue] = result.issues;
	const name = v.getDotPath(issue) ?? "";
	const leaf = SETTINGS.find((one) => one.name === name);
	const origin = origins.get(name);
	if (leaf && origin?.source === "default") {
		throw new EasyRemoteError(
			"INVALID_ARGUMENT",
			`setting "${name}" is missing: ${leaf.flag}, ${leaf.variable}, or "${name}" in the config file`,
			{ details: { option: name } },
		);
	}
	const where =
		origin && origin.source !== "default" ? ` from ${origin.name}` : "";
	const problem = maySayOf(name, issue.message) ? `: ${issue.message}` : "";
	throw new EasyRemoteError(
		"INVALID_ARGUMENT",
		`invalid setting "${name}"${where}${problem}`,
		{ details: { option: name } },
	);
}
