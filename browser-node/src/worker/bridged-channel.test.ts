import { afterEach, expect, it } from "vitest";
import { bridgeChannel } from "../page/bridge-channel.js";
import { BridgedChannel } from "./bridged-channel.js";

/** A data channel whose network takes only what the test lets it. */
class FakeDataChannel extends EventTarget {
	binaryType = "blob";
	bufferedAmountLowThreshold = 0;
	bufferedAmount = 0;
	readyState = "connecting";
	readonly sent: (Uint8Array | string)[] = [];

	open(): void {
		this.readyState = "open";
		this.dispatchEvent(new Event("open"));
	}

	receive(data: ArrayBuffer | string): void {
		this.dispatchEvent(new MessageEvent("message", { data }));
	}

	drain(): void {
		this.bufferedAmount = 0;
		this.dispatchEvent(new Event("bufferedamountlow"));
	}

	send(data: ArrayBuffer | string): void {
		this.sent.push(typeof data === "string" ? data : new Uint8Array(data));
		this.bufferedAmount +=
			typeof data === "string" ? data.length : data.byteLength;
	}

	close(): void {
		this.readyState = "closed";
		this.dispatchEvent(new Event("close"));
	}
}

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
