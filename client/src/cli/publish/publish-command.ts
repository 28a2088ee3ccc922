import type {
	BundleManifest,
	FunctionDescriptor,
} from "@easyremote/shared/protocol";
import type { Output } from "../output.js";
import { shownBytes } from "../progress/byte-text.js";
import { ProgressBar } from "../progress/progress-bar.js";
import type { Surroundings } from "../surroundings.js";
import type { PublishApi } from "./publish-api.js";
import { type PublishFlags, readDefaults } from "./publish-flags.js";
import { readFunctions } from "./read-functions.js";

/** Characters of the hash that are a version, where none is given. */
const VERSION_LENGTH = 12;

/** `publish FILE --name N`: bundles a module, and hands it to the gateway. */
export async function publish(
	file: string,
	flags: PublishFlags,
	api: PublishApi,
	output: Output,
	surroundings: Surroundings,
): Promise<void> {
	const defaults = readDefaults(flags);
	// The bundler takes a while to load, which no other command has to pay for.
	const { bundleModule } = await import("./bundle-module.js");
	const { code, bytes, sha256 } = await bundleModule(file);
	const functions = await readFunctions(code, {
		defaults,
		clock: surroundings.clock,
		signal: surroundings.interrupted,
	});
	const { name, version = sha256.slice(0, VERSION_LENGTH) } = flags;
	const manifest: BundleManifest = {
		name,
		version,
		sha256,
		bytes,
		isolation: flags.isolation ?? "reuse",
		functions,
		...(flags.description === undefined
			? {}
			: { description: flags.description }),
	};
	const created = await upload(manifest, code, api, output, surroundings);
	if (output.json) await output.value({ ...manifest, created });
	else await tell(manifest, created, api.url, output);
	if (functions.every(isNeverCompared)) await output.warn(NOT_COMPARED);
}

const NOT_COMPARED =
	"no function says that it is deterministic, so what donors give is not compared with what others give: use --deterministic exact, or define({ deterministic: … })";

function isNeverCompared({ deterministic }: FunctionDescriptor): boolean {
	return deterministic === undefined;
}

async function upload(
	manifest: BundleManifest,
	code: string,
	api: PublishApi,
	output: Output,
	{ err, environment, clock }: Surroundings,
): Promise<boolean> {
	const seen = err.isTerminal && environment["TERM"] !== "dumb" && !output.json;
	const colourful = !environment["NO_COLOR"];
	const bar = seen ? new ProgressBar(err, { clock, colourful }) : undefined;
	try {
		const { created } = await api.publish(manifest, code, (sent, sendTotal) =>
			bar?.hear({ type: "transfer", sent, sendTotal, received: 0 }),
		);
		return created;
	} finally {
		await bar?.stop();
	}
}

async function tell(
	{ name, version, bytes, functions }: BundleManifest,
	created: boolean,
	url: string,
	output: Output,
): Promise<void> {
	const done = created ? "Published" : "Already published, and the same:";
	const [first] = functions;
	const names = functions.map((each) => each.name);
	await output.text(
		`${done} ${name}@${version} (${shownBytes(bytes)}): ${names.join(", ")}`,
	);
	if (!first) return;
	for (const line of [
		"",
		`Call it:  easyremote call ${name}/${first.name} … --gateway ${url}`,
		`          curl ${url}/api/${name}/${first.name} -H 'content-type: application/json' -d '{"args": […]}'`,
		`This very version is ${name}@${version}/${first.name}`,
		`Donors open ${url}/donate`,
	])
		await output.note(line);
}
