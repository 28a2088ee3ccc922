import type { BrowserContext, Page } from "playwright-core";

/** Grants an origin all that it could be asked for, so that only a sandbox can refuse it. */
export async function grantAll(
	context: BrowserContext,
	origin: string,
): Promise<void> {
	await context.setGeolocation({ latitude: 1, longitude: 2 });
	await context.grantPermissions(
		[
			"geolocation",
			"notifications",
			"camera",
			"microphone",
			"clipboard-read",
			"clipboard-write",
			"midi",
			"storage-access",
		],
		{ origin },
	);
}

/** Puts a secret into every store of a page's origin; while the page is open, it is told to whoever asks on its channel. */
export function hideSecret(page: Page, secret: string): Promise<void> {
	return page.evaluate(async (value) => {
		localStorage.setItem("secret", value);
		document.cookie = `secret=${value}`;
		await (await caches.open("store")).put("/secret", new Response(value));
		const folder = await navigator.storage.getDirectory();
		const file = await folder.getFileHandle("secret", { create: true });
		const writable = await file.createWritable();
		await writable.write(value);
		await writable.close();
		await new Promise<void>((resolve, reject) => {
			const request = indexedDB.open("store");
			request.onupgradeneeded = () =>
				request.result.createObjectStore("store").put(value, "secret");
			request.onsuccess = () => {
				request.result.close();
				resolve();
			};
			request.onerror = () => reject(new Error("no database"));
		});
		const channel = new BroadcastChannel("leak");
		channel.onmessage = () => channel.postMessage(value);
	}, secret);
}
