const HEX_DIGITS = new TextEncoder().encode("0123456789abcdef");
const decoder = new TextDecoder();

/** An integer of any size in two's complement, big-endian, in as few bytes as hold it. */
export function bytesOfBigInt(value: bigint): Uint8Array {
	// The complement of what is negative is the same bits turned over.
	const flip = value < 0n ? 0xff : 0;
	let digits = (flip ? ~value : value).toString(16);
	if (digits.length % 2 === 1) digits = `0${digits}`;
	// The first bit is the sign's.
	if (digits.charCodeAt(0) >= 0x38) digits = `00${digits}`;
	const bytes = new Uint8Array(digits.length / 2);
	for (let index = 0; index < bytes.length; index += 1)
		bytes[index] = Number.parseInt(digits.slice(2 * index, 2 * index + 2), 16);
	return flip ? turnedOver(bytes) : bytes;
}

/** Reads what `bytesOfBigInt` wrote; of no bytes, 0. */
export function bigIntOf(bytes: Uint8Array): bigint {
	if (bytes.length === 0) return 0n;
	return (bytes[0] ?? 0) < 0x80
		? unsigned(bytes)
		: ~unsigned(turnedOver(bytes));
}

/** By way of hexadecimal digits, which engines read in time proportional to their number. */
function unsigned(bytes: Uint8Array): bigint {
	const digits = new Uint8Array(2 * bytes.length);
	for (let index = 0; index < bytes.length; index += 1) {
		const byte = bytes[index] ?? 0;
		digits[2 * index] = HEX_DIGITS[byte >> 4] ?? 0;
		digits[2 * index + 1] = HEX_DIGITS[byte & 0x0f] ?? 0;
	}
	return BigInt(`0x${decoder.decode(digits)}`);
}

function turnedOver(bytes: Uint8Array): Uint8Array {
	return bytes.map((byte) => byte ^ 0xff);
}
