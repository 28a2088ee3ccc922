import { Counter, Gauge, type Registry } from "prom-client";

/** Values with their labels; a plain number is one value without labels. */
export type Readings =
	| number
	| Iterable<
			readonly [labels: Readonly<Record<string, string>>, value: number]
	  >;

/** A metric whose values are kept elsewhere and read when somebody asks, so that counting costs nothing more. */
export interface ReadMetric {
	readonly name: string;
	readonly help: string;
	readonly labels?: readonly string[];
	readonly read: () => Readings | Promise<Readings>;
}

/** Adds a metric that only grows while the gateway runs. */
export function addCounter(registry: Registry, metric: ReadMetric): void {
	new Counter({
		...common(registry, metric),
		async collect() {
			const readings = await metric.read();
			this.reset();
			for (const [labels, value] of entries(readings)) this.inc(labels, value);
		},
	});
}

/** Adds a metric that goes up and down. */
export function addGauge(registry: Registry, metric: ReadMetric): void {
	new Gauge({
		...common(registry, metric),
		async collect() {
			const readings = await metric.read();
			this.reset();
			for (const [labels, value] of entries(readings)) this.set(labels, value);
		},
	});
}

function common(registry: Registry, { name, help, labels }: ReadMetric) {
	return {
		name: `easyremote_${name}`,
		help,
		labelNames: [...(labels ?? [])],
		registers: [registry],
	};
}

function entries(readings: Readings) {
	return typeof readings === "number" ? [[{}, readings] as const] : readings;
}
