import { EasyRemoteError } from "@easyremote/shared/errors";
import {
	parseMemorySize,
	type ResourceNeeds,
} from "@easyremote/shared/functions";
import {
	type BundleManifest,
	type Determinism,
	NAME_PATTERN,
	VERSION_PATTERN,
} from "@easyremote/shared/protocol";
import { present } from "@easyremote/shared/shapes";
import type { FunctionDefaults } from "./function-defaults.js";

/** What `publish` is told beside its file. */
export interface PublishFlags {
	readonly name: string;
	readonly version?: string;
	readonly description?: string;
	readonly isolation?: BundleManifest["isolation"];
	readonly deterministic?: Determinism;
	readonly webgpu?: boolean;
	readonly memory?: string;
	readonly engine?: string;
}

/** What the flags say of functions. Throws INVALID_ARGUMENT for a bad name, version or amount of memory. */
export function readDefaults(flags: PublishFlags): FunctionDefaults {
	const { name, version, deterministic, webgpu, memory, engine } = flags;
	checkPlace(name, version);
	if (memory !== undefined) parseMemorySize(memory);
	const resources: ResourceNeeds = present({ webgpu, memory, engine });
	return { deterministic, resources };
}

/** Splits "name@version", whose version may be left out. Throws INVALID_ARGUMENT. */
export function readPlace(text: string): {
	readonly name: string;
	readonly version: string | undefined;
} {
	const at = text.indexOf("@");
	const name = at < 0 ? text : text.slice(0, at);
	const version = at < 0 ? undefined : text.slice(at + 1);
	checkPlace(name, version);
	return { name, version };
}

function checkPlace(name: string, version: string | undefined): void {
	if (!NAME_PATTERN.test(name))
		throw new EasyRemoteError(
			"INVALID_ARGUMENT",
			`"${name.slice(0, 100)}" cannot be the name of a bundle`,
			{
				hint: "letters, digits, _ and -, at most 64, not beginning with a digit",
			},
		);
	if (version !== undefined && !VERSION_PATTERN.test(version))
		throw new EasyRemoteError(
			"INVALID_ARGUMENT",
			`"${version.slice(0, 100)}" cannot be a version`,
			{
				hint: "letters, digits, and . + _ -, at most 64, beginning with a letter or digit",
			},
		);
}
