const UNITS = ["B", "KiB", "MiB", "GiB", "TiB"] as const;

/** A byte count for people: three significant digits at most, "1.25 MiB". */
export function formatBytes(bytes: number): string {
	let value = Math.max(0, bytes);
	let unit = 0;
	while (value >= 1023.5 && unit < UNITS.length - 1) {
		value /= 1024;
		unit += 1;
	}
	const digits = unit === 0 || value >= 100 ? 0 : value >= 10 ? 1 : 2;
	return `${value.toFixed(digits)} ${UNITS[unit] ?? "B"}`;
}

/** A duration in ms for people: "0.4 ms", "35 ms", "2.1 s", "3 min 5 s". */
export function formatDuration(ms: number): string {
	if (ms < 10) return `${Math.max(0, ms).toFixed(1)} ms`;
	if (ms < 999.5) return `${ms.toFixed(0)} ms`;
	if (ms < 59_950) return `${(ms / 1000).toFixed(1)} s`;
	const seconds = Math.round(ms / 1000);
	return `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
}
