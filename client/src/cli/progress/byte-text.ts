const UNITS = ["B", "kB", "MB", "GB", "TB"] as const;

/** An amount for people: "512 B", "4.20 MB", "31.5 GB". */
export function shownBytes(bytes: number): string {
	let amount = bytes;
	let unit = 0;
	while (amount >= 999.5 && unit < UNITS.length - 1) {
		amount /= 1000;
		unit += 1;
	}
	const digits = unit === 0 || amount >= 100 ? 0 : amount >= 10 ? 1 : 2;
	return `${amount.toFixed(digits)} ${UNITS[unit] ?? ""}`;
}

/** A time to wait for people: "8 s", "2:05", "1:02:03". */
export function shownWait(seconds: number): string {
	const whole = Math.ceil(seconds);
	if (whole < 60) return `${whole} s`;
	const two = (count: number) => String(count).padStart(2, "0");
	const minutes = Math.floor(whole / 60);
	if (minutes < 60) return `${minutes}:${two(whole % 60)}`;
	return `${Math.floor(minutes / 60)}:${two(minutes % 60)}:${two(whole % 60)}`;
}
