import type { FleetResult } from "./fleet-simulation.js";

/** What came of each strategy, as a table in Markdown. */
export function fleetTable(results: ReadonlyMap<string, FleetResult>): string {
	const rows = [...results].map(([strategy, result]) => {
		const { utilisation, calls, lost, meanMs, p50Ms, p99Ms } = result;
		const shares = [utilisation.mean, utilisation.least, utilisation.most];
		const times = [meanMs, p50Ms, p99Ms];
		const cells = [
			`\`${strategy}\``,
			calls,
			lost,
			...shares.map((share) => `${Math.round(share * 100)} %`),
			...times.map((ms) => Math.round(ms)),
		];
		return `| ${cells.join(" | ")} |`;
	});
	return [
		"| strategy | calls | lost | slots in use | … least used tenth | … most used tenth | mean ms | p50 | p99 |",
		"| --- | --- | --- | --- | --- | --- | --- | --- | --- |",
		...rows,
	].join("\n");
}
