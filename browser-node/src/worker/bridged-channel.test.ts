import { afterEach, expect, it } from "vitest";
import { bridgeChannel } from "../page/bridge-channel.js";
import { BridgedChannel } from "./bridged-channel.js";
import { FakeDataChannel } from "./testing/fake-data-channel.js";

const ports: MessagePort[] = [];
afterEach(() => {
	for (const port of ports.splice(0)) port.close();
});

function bridge(): { page: FakeDataChannel; worker: BridgedChannel } {
	const page = new FakeDataChannel();
	const port = bridgeChannel(page as unknown as RTCDataChannel);
	ports.push(port);
	return { page, worker: new BridgedChannel(port) };
}

const next = (target: EventTarget, type: string): Promise<Event> =>
	new Promise((resolve) =>
		target.addEventListener(type, resolve, { once: true }),
	);

it("passes messages both ways, in order, without touching the sender's buffer", async () => {
	const { page, worker } = bridge();
	page.open();
	await next(worker, "open");
	const shared = new Uint8Array([1, 2, 3, 4]);
	worker.send(shared.subarray(1, 3));
	worker.send("bye");
	page.receive(new Uint8Array([9]).buffer);
	const arrived = (await next(worker, "message")) as MessageEvent<ArrayBuffer>;
	expect(new Uint8Array(arrived.data)).toEqual(new Uint8Array([9]));
	await expect.poll(() => page.sent).toEqual([new Uint8Array([2, 3]), "bye"]);
	expect(shared).toEqual(new Uint8Array([1, 2, 3, 4]));
});

it("counts what has not left the page as buffered", async () => {
	const { page, worker } = bridge();
	page.open();
	await next(worker, "open");
	const megabyte = new Uint8Array(1024 * 1024);
	worker.send(megabyte);
	expect(worker.bufferedAmount).toBe(megabyte.length);
	await expect.poll(() => page.sent.length).toBe(1);
	page.drain();
	await next(worker, "bufferedamountlow");
	expect(worker.bufferedAmount).toBe(0);
});

it("closes when asked, and says so", async () => {
	const { page, worker } = bridge();
	page.open();
	await next(worker, "open");
	worker.close();
	await next(worker, "close");
	expect(page.readyState).toBe("closed");
	expect(worker.readyState).toBe("closed");
});
