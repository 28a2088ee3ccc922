import type { Output } from "../output.js";
import { shownBytes } from "../progress/byte-text.js";
import { table } from "../table.js";
import type { PublishApi, PublishedBundle } from "./publish-api.js";
import { readPlace } from "./publish-flags.js";

/** `bundles`: what is published, newest first. */
export async function bundles(api: PublishApi, output: Output): Promise<void> {
	const found = await api.list();
	const all = found.toSorted((one, other) =>
		other.publishedAt.localeCompare(one.publishedAt),
	);
	if (output.json) for (const each of all) await output.value(each);
	else if (all.length === 0)
		await output.note("Nothing is published here that you may see.");
	else {
		const headings = ["BUNDLE", "SIZE", "PUBLISHED", "BY", "FUNCTIONS"];
		await output.text(table(headings, all.map(row)));
	}
}

/** `unpublish NAME[@VERSION]`. */
export async function unpublish(
	place: string,
	api: PublishApi,
	output: Output,
): Promise<void> {
	const { name, version } = readPlace(place);
	await api.unpublish(name, version);
	if (output.json) await output.value({ unpublished: place });
	else
		await output.note(
			`${version === undefined ? `All versions of ${name} are` : `${place} is`} no longer published.`,
		);
}

function row(each: PublishedBundle): readonly string[] {
	return [
		`${each.name}@${each.version}${each.newest ? " (newest)" : ""}`,
		shownBytes(each.bytes),
		each.publishedAt,
		each.publisher,
		each.functions.map(({ name }) => name).join(" "),
	];
}
