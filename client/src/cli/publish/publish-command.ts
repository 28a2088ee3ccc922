import type { FunctionDescriptor } from "@easyremote/shared/protocol";
import type { Output } from "../output.js";
import { shownBytes } from "../progress/byte-text.js";
import { ProgressBar } from "../progress/progress-bar.js";
import type { Surroundings } from "../surroundings.js";
import type { PublishApi } from "./publish-api.js";
import type { PublishFlags } from "./publish-flags.js";
import { type Publication, publishModule } from "./publish-module.js";

const NOT_COMPARED =
	"no function says that it is deterministic, so what donors give is not compared with what others give: use --deterministic exact, or define({ deterministic: … })";

/** `publish FILE --name N`: bundles a module, and hands it to the gateway. */
export async function publish(
	file: string,
	flags: PublishFlags,
	api: PublishApi,
	output: Output,
	surroundings: Surroundings,
): Promise<void> {
	const { clock, interrupted: signal } = surroundings;
	const bar = progressBar(output, surroundings);
	const sent = (bytes: number, sendTotal: number) =>
		bar?.hear({ type: "transfer", sent: bytes, sendTotal, received: 0 });
	try {
		const around = { api, clock, signal, sent };
		const publication = await publishModule(file, flags, around);
		await bar?.stop();
		if (output.json) await output.value(publication);
		else await tell(publication, api.url, output);
		if (publication.functions.every(isNeverCompared))
			await output.warn(NOT_COMPARED);
	} finally {
		await bar?.stop();
	}
}

function isNeverCompared({ deterministic }: FunctionDescriptor): boolean {
	return deterministic === undefined;
}

function progressBar(
	output: Output,
	{ err, environment, clock }: Surroundings,
): ProgressBar | undefined {
	if (!err.isTerminal || environment["TERM"] === "dumb" || output.json)
		return undefined;
	return new ProgressBar(err, { clock, colourful: !environment["NO_COLOR"] });
}

async function tell(
	{ name, version, bytes, functions, created }: Publication,
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
