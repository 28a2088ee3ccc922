import { createClient } from "@easyremote/client";
import type * as Functions from "../product/functions.js";

/** How long a new client takes, ms since `createClient`. */
export interface StartUpResult {
	readonly firstAnswer: number;
	/** First answer that came over the direct path. */
	readonly direct: number;
}

/** Connects as a program would that has just started, and calls until the direct path answers. */
export async function startUp(gateway: string): Promise<StartUpResult> {
	const started = performance.now();
	const client = createClient({ gateway });
	try {
		const { tiny } = client.node<typeof Functions>("bench");
		const payload = new Uint8Array(1);
		await tiny(payload);
		const firstAnswer = performance.now() - started;
		for (;;) {
			const { meta } = await tiny(payload).withMeta();
			if (meta.transport === "direct") break;
			await new Promise((resolve) => setTimeout(resolve, 1));
		}
		return { firstAnswer, direct: performance.now() - started };
	} finally {
		await client.close();
	}
}
