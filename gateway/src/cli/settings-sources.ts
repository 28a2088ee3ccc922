import { readFileSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { EasyRemoteError } from "@easyremote/shared/errors";
import * as v from "valibot";
import { gatewaySettings } from "../config/gateway-options.js";
import { parseOptions } from "../config/parse-options.js";

/** Where the database is unless somebody says otherwise. */
const DEFAULT_DATA_FOLDER = "./easyremote-data";

/** Levels of the log, the most talkative first; those of pino. */
const LOG_LEVELS = [
	"trace",
	"debug",
	"info",
	"warn",
	"error",
	"silent",
] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];

/** What a config file holds: the options of `createGateway` that are plain data, with files instead of contents. */
const fileSchema = v.strictObject({
	...gatewaySettings,
	/** Folder of the database. */
	data: v.optional(v.string()),
	/** Files in PEM form. */
	tls: v.optional(v.strictObject({ cert: v.string(), key: v.string() })),
	/** What is logged: this and whatever is worse. */
	logLevel: v.optional(v.picklist(LOG_LEVELS)),
});

/** The same settings as flags and environment give them: text, or absent. */
export interface FlagSettings {
	readonly port?: string | undefined;
	readonly host?: string | undefined;
	readonly data?: string | undefined;
	readonly config?: string | undefined;
	readonly tlsCert?: string | undefined;
	readonly tlsKey?: string | undefined;
	readonly allowAnonymous?: string | undefined;
	readonly logLevel?: string | undefined;
}

/** Settings of `easyremote-gateway`, from wherever they came. */
export type StartSettings = v.InferOutput<typeof fileSchema> & {
	readonly data: string;
};

const ENVIRONMENT: Readonly<Record<string, keyof FlagSettings>> = {
	EASYREMOTE_PORT: "port",
	EASYREMOTE_HOST: "host",
	EASYREMOTE_DATA: "data",
	EASYREMOTE_CONFIG: "config",
	EASYREMOTE_TLS_CERT: "tlsCert",
	EASYREMOTE_TLS_KEY: "tlsKey",
	EASYREMOTE_ALLOW_ANONYMOUS: "allowAnonymous",
	EASYREMOTE_LOG_LEVEL: "logLevel",
};

/** Variables that clients and nodes read: they may be set on the same machine. */
const OF_OTHERS = new Set([
	"EASYREMOTE_GATEWAY",
	"EASYREMOTE_KEY",
	"EASYREMOTE_TOKEN",
	"EASYREMOTE_ID",
	"EASYREMOTE_LOG",
]);

type Environment = Readonly<Record<string, string | undefined>>;

/** Settings from `EASYREMOTE_*`. Throws INVALID_ARGUMENT that names an unknown one, which is probably misspelt. */
export function readEnvironment(environment: Environment): FlagSettings {
	const settings: Partial<Record<keyof FlagSettings, string>> = {};
	for (const [name, value] of Object.entries(environment)) {
		if (
			!name.startsWith("EASYREMOTE_") ||
			OF_OTHERS.has(name) ||
			value === undefined
		)
			continue;
		const key = ENVIRONMENT[name];
		if (key === undefined) {
			throw new EasyRemoteError(
				"INVALID_ARGUMENT",
				`unknown environment variable ${name}`,
				{
					hint: `Known are ${Object.keys(ENVIRONMENT).join(", ")}.`,
				},
			);
		}
		settings[key] = value;
	}
	return settings;
}

/**
 * Settles on settings: flags before environment before config file before defaults. Paths in a config file are
 * relative to it. Throws INVALID_ARGUMENT that names the key at fault and where it came from.
 */
export function settleSettings(
	flags: FlagSettings,
	environment: Environment,
): StartSettings {
	const given = { ...readEnvironment(environment), ...withoutUndefined(flags) };
	const file = given.config === undefined ? {} : readConfigFile(given.config);
	const overrides = {
		...(given.port === undefined ? {} : { port: toNumber("port", given.port) }),
		...(given.host === undefined ? {} : { host: given.host }),
		...(given.data === undefined ? {} : { data: given.data }),
		...(given.logLevel === undefined ? {} : { logLevel: given.logLevel }),
		...(given.allowAnonymous === undefined
			? {}
			: {
					auth: {
						allowAnonymous: toBoolean("allow-anonymous", given.allowAnonymous),
					},
				}),
		...tlsOverride(given),
	};
	const settled = parseOptions(
		fileSchema,
		{ ...file, ...overrides },
		"setting",
	);
	return { ...settled, data: settled.data ?? DEFAULT_DATA_FOLDER };
}

/** Folder of the database for commands that need nothing else. */
export function settleDataFolder(
	flags: FlagSettings,
	environment: Environment,
): string {
	return settleSettings(flags, environment).data;
}

function readConfigFile(path: string): Record<string, unknown> {
	let parsed: unknown;
	try {
		parsed = JSON.parse(readFileSync(path, "utf8"));
	} catch (cause) {
		const reason = cause instanceof Error ? cause.message : "unknown reason";
		throw new EasyRemoteError(
			"INVALID_ARGUMENT",
			`cannot read the config file ${path}: ${reason}`,
			{ cause },
		);
	}
	// Checked here as well as in the end, so that the error says where a wrong key stands.
	parseOptions(fileSchema, parsed, `key in ${path}`);
	const settings = parsed as Record<string, unknown> & {
		data?: string;
		tls?: { cert: string; key: string };
	};
	const near = (relative: string) => resolve(dirname(path), relative);
	return {
		...settings,
		...(settings.data === undefined ? {} : { data: near(settings.data) }),
		...(settings.tls === undefined
			? {}
			: {
					tls: { cert: near(settings.tls.cert), key: near(settings.tls.key) },
				}),
	};
}

function tlsOverride({ tlsCert, tlsKey }: FlagSettings): {
	tls?: { cert: string; key: string };
} {
	if (tlsCert === undefined && tlsKey === undefined) return {};
	if (tlsCert !== undefined && tlsKey !== undefined)
		return { tls: { cert: tlsCert, key: tlsKey } };
	throw new EasyRemoteError(
		"INVALID_ARGUMENT",
		"--tls-cert and --tls-key go together: only one was given",
	);
}

function toNumber(name: string, text: string): number {
	if (/^\d+$/.test(text)) return Number(text);
	throw new EasyRemoteError(
		"INVALID_ARGUMENT",
		`invalid setting "${name}": “${text}” is not a number`,
	);
}

function toBoolean(name: string, text: string): boolean {
	if (["true", "1", "yes"].includes(text)) return true;
	if (["false", "0", "no", ""].includes(text)) return false;
	throw new EasyRemoteError(
		"INVALID_ARGUMENT",
		`invalid setting "${name}": “${text}” is neither true nor false`,
	);
}

function withoutUndefined(flags: FlagSettings): FlagSettings {
	return Object.fromEntries(
		Object.entries(flags).filter(([, value]) => value !== undefined),
	);
}
