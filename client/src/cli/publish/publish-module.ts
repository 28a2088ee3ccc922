import { fileURLToPath } from "node:url";
import type { BundleManifest } from "@easyremote/shared/protocol";
import { present } from "@easyremote/shared/shapes";
import { type Clock, systemClock } from "@easyremote/shared/time";
import { readClientOptions } from "../../client-options.js";
import { PublishApi } from "./publish-api.js";
import { type PublishFlags, readDefaults } from "./publish-flags.js";
import { readFunctions } from "./read-functions.js";

/** Characters of the hash that are a version, where none is given. */
const VERSION_LENGTH = 12;

/** What `publish` takes: what the command line does, under the same names. */
export interface PublishOptions extends PublishFlags {
	/** The module: a path, or a `file:` URL. */
	readonly file: string | URL;
	/** Where the gateway is. */
	readonly gateway: string;
	/** API key with the grant `publish:<name>`. */
	readonly key?: string | undefined;
	/** Gives it up. */
	readonly signal?: AbortSignal | undefined;
}

/** What came of it. */
export interface Publication extends BundleManifest {
	/** False where the gateway had the very same already. */
	readonly created: boolean;
}

/**
 * Bundles a module and hands it to the gateway, for donors to run. Rejects with INVALID_ARGUMENT for a module that cannot
 * be published, ALREADY_EXISTS for a version with other content, and the gateway's other refusals.
 *
 * @example
 * await publish({ file: "mandelbrot.ts", name: "mandelbrot", gateway: "https://gw.example.com", key });
 */
export async function publish({
	file,
	gateway,
	key,
	signal = new AbortController().signal,
	...flags
}: PublishOptions): Promise<Publication> {
	const settings = readClientOptions({ gateway, key });
	const api = new PublishApi({
		gateway: settings.gateway,
		key: settings.credential,
		signal,
	});
	const path = file instanceof URL ? fileURLToPath(file) : file;
	return publishModule(path, flags, { api, clock: systemClock, signal });
}

/** What publishing needs around it. */
export interface PublishSurroundings {
	readonly api: PublishApi;
	readonly clock: Clock;
	readonly signal: AbortSignal;
	/** Hears how many bytes are on their way, of how many. */
	readonly sent?: (bytes: number, total: number) => void;
}

/** Publishes through `api`. Rejects as `publish` does. */
export async function publishModule(
	file: string,
	flags: PublishFlags,
	{ api, clock, signal, sent }: PublishSurroundings,
): Promise<Publication> {
	const defaults = readDefaults(flags);
	// The bundler takes a while to load, which no other command has to pay for.
	const { bundleModule } = await import("./bundle-module.js");
	const { code, bytes, sha256 } = await bundleModule(file);
	const functions = await readFunctions(code, { defaults, clock, signal });
	const { name, version = sha256.slice(0, VERSION_LENGTH) } = flags;
	const { description, isolation = "reuse" } = flags;
	const manifest: BundleManifest = {
		name,
		version,
		sha256,
		bytes,
		isolation,
		functions,
		...present({ description }),
	};
	const { created } = await api.publish(manifest, code, sent);
	return { ...manifest, created };
}
