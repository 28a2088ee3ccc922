/** Prometheus' text format as a map: a sample's name with its labels, in any order, sorted by label, to its value. */
export type Samples = ReadonlyMap<string, number>;

/** Reads what `/metrics` shows. Throws on a line that Prometheus would refuse (its exposition format 0.0.4). */
export function readSamples(text: string): Samples {
	const samples = new Map<string, number>();
	for (const line of text.split("\n")) {
		if (line === "" || line.startsWith("# HELP ") || line.startsWith("# TYPE "))
			continue;
		const parts =
			/^([a-zA-Z_:][a-zA-Z0-9_:]*)(?:\{(.*)\})? (-?[0-9.e+-]+|[+-]Inf|NaN)$/.exec(
				line,
			);
		if (!parts) throw new Error(`not a sample: ${line}`);
		const [, name = "", labels = "", value] = parts;
		const key = sampleKey(name, labels.match(LABEL) ?? []);
		if (samples.has(key)) throw new Error(`there twice: ${key}`);
		samples.set(key, Number(value));
	}
	return samples;
}

/** One sample's value; undefined if it is not there. */
export function sample(
	samples: Samples,
	name: string,
	labels: Readonly<Record<string, string>> = {},
): number | undefined {
	const pairs = Object.entries(labels).map(
		([label, value]) => `${label}="${value}"`,
	);
	return samples.get(sampleKey(`easyremote_${name}`, pairs));
}

const LABEL = /[a-zA-Z_][a-zA-Z0-9_]*="(?:[^"\\]|\\.)*"/g;

function sampleKey(name: string, labels: readonly string[]): string {
	return `${name}{${[...labels].sort().join(",")}}`;
}
