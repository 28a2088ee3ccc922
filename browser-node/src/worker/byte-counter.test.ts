import { memoryChannelPair } from "@easyremote/shared/channel";
import { expect, it } from "vitest";
import { ByteCounter } from "./byte-counter.js";

it("counts both directions of every channel given to it", async () => {
	const counter = new ByteCounter();
	const ends: string[] = [];
	for (const size of [10, 32]) {
		const [near, far] = memoryChannelPair();
		const counted = counter.count(near);
		expect(counted.copiesFrom).toBe(near.copiesFrom);
		const arrived = new Promise<void>((resolve) => {
			counted.start({
				message: () => resolve(),
				drained: () => undefined,
				closed: () => ends.push("closed"),
			});
		});
		far.start({
			message: (bytes) => far.send(bytes),
			drained: () => undefined,
			closed: () => undefined,
		});
		counted.send(new Uint8Array(size));
		await arrived;
		counted.close();
	}
	expect(counter.total).toEqual({ sent: 42, received: 42 });
	await expect.poll(() => ends).toEqual(["closed", "closed"]);
});
