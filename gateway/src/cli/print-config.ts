import { withoutSecrets } from "../config/setting-secrets.js";
import type { Output } from "./output.js";
import { describeOrigin } from "./setting-origins.js";
import { SETTINGS } from "./settings-schema.js";
import type { SettledSettings } from "./settle-settings.js";

/** A setting as it is shown. */
export interface ShownSetting {
	/** Of secrets "(set)"; undefined where nothing is set. */
	readonly value: unknown;
	readonly source: "flag" | "environment" | "file" | "default";
	/** Which flag, variable or file. */
	readonly from?: string;
}

/** What is in force and where it came from, by the name of the setting; nothing secret. */
export function showSettings({
	settings,
	origins,
}: SettledSettings): ReadonlyMap<string, ShownSetting> {
	return new Map(
		SETTINGS.map(({ name, path }) => {
			let value: unknown = settings;
			for (const key of path)
				value = (value as Record<string, unknown> | undefined)?.[key];
			const origin = origins.get(name) ?? { source: "default" };
			const shown = {
				value: withoutSecrets(name, value),
				source: origin.source,
				...(origin.source === "default" ? {} : { from: origin.name }),
			};
			return [name, shown];
		}),
	);
}

/** The settings that somebody has given, as above. */
export function showGiven(
	settled: SettledSettings,
): Readonly<Record<string, ShownSetting>> {
	return Object.fromEntries(
		[...showSettings(settled)].filter(([, { source }]) => source !== "default"),
	);
}

/** `--print-config`: every setting, its value and where that came from. */
export function printConfig(settled: SettledSettings, output: Output): void {
	const shown = showSettings(settled);
	const rows = [...shown].map(([name, { value }]) => [
		name,
		asText(value),
		describeOrigin(settled.origins.get(name) ?? { source: "default" }),
	]);
	const [names, values] = [0, 1].map((column) =>
		Math.max(...rows.map((row) => row[column]?.length ?? 0)),
	);
	output.result(
		{ event: "config", settings: Object.fromEntries(shown) },
		rows
			.map(([name = "", value = "", origin = ""]) =>
				[name.padEnd(names ?? 0), value.padEnd(values ?? 0), origin].join("  "),
			)
			.join("\n"),
	);
}

function asText(value: unknown): string {
	if (value === undefined) return "(unset)";
	return typeof value === "string" ? value : JSON.stringify(value);
}
