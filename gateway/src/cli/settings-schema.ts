import * as v from "valibot";
import { gatewaySettings } from "../config/gateway-options.js";
import { type SettingLeaf, settingLeaves } from "../config/setting-leaves.js";

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

const file = v.pipe(v.string(), v.nonEmpty());

const entries = {
	...gatewaySettings,
	/** Folder of the database. */
	data: v.optional(file, "./easyremote-data"),
	/** Files in PEM form. */
	tls: v.optional(
		v.strictObject({ cert: file, key: file, clientCa: v.optional(file) }),
	),
	/** What is logged: this and whatever is worse. */
	logLevel: v.optional(v.picklist(LOG_LEVELS)),
};

/** What the command takes: the options of `createGateway` that are plain data, with files instead of contents. */
export const settingsSchema = v.strictObject(entries);

/** Settings of `easyremote-gateway`, all filled in. */
export type StartSettings = v.InferOutput<typeof settingsSchema>;

/** Each of them. */
export const SETTINGS: readonly SettingLeaf[] = settingLeaves(entries);

/** Settings that name files: in a config file these are relative to it. */
export const FILE_SETTINGS: ReadonlySet<string> = new Set([
	"data",
	"tls.cert",
	"tls.key",
	"tls.clientCa",
]);

/** Short names that some settings have besides the systematic one. */
export const SHORT_NAMES: Readonly<
	Record<string, Pick<SettingLeaf, "attribute" | "flag" | "variable">>
> = {
	"auth.allowAnonymous": {
		attribute: "allowAnonymous",
		flag: "--allow-anonymous",
		variable: "EASYREMOTE_ALLOW_ANONYMOUS",
	},
	"donors.open": {
		attribute: "openDonors",
		flag: "--open-donors",
		variable: "EASYREMOTE_OPEN_DONORS",
	},
};
