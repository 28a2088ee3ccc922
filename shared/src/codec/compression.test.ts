import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { EasyRemoteError } from "../errors/easyremote-error.js";
import { COMPRESS_FROM_BYTES, compress, decompress } from "./compression.js";

const repetitive = new Uint8Array(2 * COMPRESS_FROM_BYTES).map(
	(_, index) => (index >> 4) & 0x0f,
);
const random = new Uint8Array(2 * COMPRESS_FROM_BYTES);
for (let at = 0; at < random.length; at += 65_536)
	crypto.getRandomValues(random.subarray(at, at + 65_536));

async function compressed(): Promise<Uint8Array> {
	const bytes = await compress(repetitive);
	if (bytes === undefined) throw new Error("was not compressed");
	return bytes;
}

describe("compress", () => {
	it("makes large repetitive data smaller", async () => {
		const bytes = await compressed();
		expect(bytes.length).toBeLessThan(repetitive.length / 10);
		const maxBytes = repetitive.length;
		const inflated = await decompress(bytes, { maxBytes });
		expect(Buffer.compare(inflated, repetitive)).toBe(0);
	});

	it("leaves alone what does not shrink", async () => {
		expect(await compress(random)).toBeUndefined();
	});

	it("leaves alone what is small", async () => {
		const small = repetitive.subarray(0, COMPRESS_FROM_BYTES - 1);
		expect(await compress(small)).toBeUndefined();
	});
});

describe("decompress", () => {
	it("stops at its limit", async () => {
		const limit = { maxBytes: repetitive.length - 1 };
		await expect(decompress(await compressed(), limit)).rejects.toMatchObject({
			code: "RESOURCE_EXHAUSTED",
			details: { limit: limit.maxBytes },
		});
	});

	it("of whatever bytes ends well, or with a refusal", async () => {
		const whole = await compressed();
		const changes = fc.array(fc.tuple(fc.nat(), fc.nat(255)), { maxLength: 4 });
		const bytes = fc.oneof(
			fc.uint8Array({ maxLength: 100 }),
			fc.tuple(changes, fc.nat()).map(([changed, cut]) => {
				const spoilt = whole.slice();
				for (const [at, byte] of changed) spoilt[at % spoilt.length] = byte;
				return spoilt.subarray(0, 1 + (cut % spoilt.length));
			}),
		);
		await fc.assert(
			fc.asyncProperty(bytes, async (input) => {
				try {
					const unfolded = await decompress(input, { maxBytes: 1_000 });
					expect(unfolded.length).toBeLessThanOrEqual(1_000);
				} catch (error) {
					expect(error).toBeInstanceOf(EasyRemoteError);
					expect((error as EasyRemoteError).code).toMatch(
						/^(INVALID_ARGUMENT|RESOURCE_EXHAUSTED)$/,
					);
				}
			}),
			{ numRuns: 300 },
		);
	});

	it("refuses what is not whole gzip", async () => {
		const whole = await compressed();
		const corrupt = whole.slice();
		corrupt[corrupt.length - 6] = (corrupt[corrupt.length - 6] ?? 0) ^ 0xff;
		for (const bytes of [
			new Uint8Array(),
			new Uint8Array(100),
			whole.subarray(0, -8),
			corrupt,
		]) {
			await expect(decompress(bytes, { maxBytes: 1e9 })).rejects.toMatchObject({
				code: "INVALID_ARGUMENT",
			});
		}
	});
});
