import { EasyRemoteError } from "../errors/easyremote-error.js";

/** An amount of memory: bytes, or "512MB", "8GB" (powers of 1000), "8GiB" (powers of 1024). */
export type MemorySize = number | string;

const UNIT_BYTES: ReadonlyMap<string, number> = new Map([
	["B", 1],
	["KB", 1e3],
	["MB", 1e6],
	["GB", 1e9],
	["TB", 1e12],
	["KIB", 2 ** 10],
	["MIB", 2 ** 20],
	["GIB", 2 ** 30],
	["TIB", 2 ** 40],
]);

/** The amount in bytes. Throws INVALID_ARGUMENT for what is none. */
export function parseMemorySize(size: MemorySize): number {
	if (typeof size === "number") {
		if (Number.isFinite(size) && size >= 0) return size;
		throw notASize(size);
	}
	const [, digits, unit = "B"] =
		/^(\d+(?:\.\d+)?) ?([kmgt]?i?b)?$/i.exec(size.trim()) ?? [];
	const factor = UNIT_BYTES.get(unit.toUpperCase());
	if (digits === undefined || factor === undefined) throw notASize(size);
	return Math.round(Number(digits) * factor);
}

function notASize(size: MemorySize): EasyRemoteError {
	return new EasyRemoteError(
		"INVALID_ARGUMENT",
		`"${String(size).slice(0, 100)}" is not an amount of memory`,
		{ hint: 'write bytes, or "512MB", "8GB", "8GiB"' },
	);
}
