import type { LoadDriver } from "../load-driver.js";
import { randomBytes } from "../random-bytes.js";
import { sha256 } from "../sha256.js";

/** One payload there and back again, each timed alone. Hashes are taken outside of the timed parts. */
export interface BulkResult {
	/** To the far end, MB (10⁶ bytes) per second. */
	readonly upload: number;
	/** From the far end, MB per second. */
	readonly download: number;
	readonly sent: string;
	readonly received: string;
}

/** Moves `bytes` random bytes to the far end and fetches them again. */
export async function bulk(
	driver: LoadDriver,
	bytes: number,
): Promise<BulkResult> {
	const payload = randomBytes(bytes);
	const sent = await sha256(payload);
	const upload = await rate(bytes, () => driver.upload(payload));
	let back: Uint8Array = new Uint8Array(0);
	const download = await rate(bytes, async () => {
		back = await driver.download();
	});
	return { upload, download, sent, received: await sha256(back) };
}

async function rate(bytes: number, transfer: () => Promise<void>) {
	const started = performance.now();
	await transfer();
	return bytes / 1000 / (performance.now() - started);
}
