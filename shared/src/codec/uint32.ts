/** Reads a big-endian unsigned 32-bit integer; bytes past the end count as 0. */
export function readUint32(bytes: Uint8Array, offset: number): number {
	return (
		(((bytes[offset] ?? 0) << 24) |
			((bytes[offset + 1] ?? 0) << 16) |
			((bytes[offset + 2] ?? 0) << 8) |
			(bytes[offset + 3] ?? 0)) >>>
		0
	);
}

/** Writes a big-endian unsigned 32-bit integer. */
export function writeUint32(
	bytes: Uint8Array,
	offset: number,
	value: number,
): void {
	bytes[offset] = value >>> 24;
	bytes[offset + 1] = value >>> 16;
	bytes[offset + 2] = value >>> 8;
	bytes[offset + 3] = value;
}
