import { expect, it } from "vitest";
import { ManualClock } from "../time/manual-clock.js";
import { watchAddresses } from "./watch-addresses.js";

it("tells of other addresses, not of another order, of loopback, or of what nobody waits for any more", async () => {
	const clock = new ManualClock();
	let interfaces = {
		lo: [{ address: "127.0.0.1", internal: true }],
		eth0: [
			{ address: "192.0.2.2", internal: false },
			{ address: "fd00::2", internal: false },
		],
	};
	let changes = 0;
	const stop = watchAddresses({
		interfaces: () => interfaces,
		changed: () => {
			changes += 1;
		},
		clock,
	});
	interfaces = { lo: [], eth0: [...interfaces.eth0].reverse() };
	await clock.advance(4_000);
	expect(changes).toBe(0);
	interfaces = { lo: [], eth0: [{ address: "192.0.2.77", internal: false }] };
	await clock.advance(4_000);
	expect(changes).toBe(1);
	interfaces = { lo: [], eth0: [] };
	stop();
	await clock.advance(4_000);
	expect(changes).toBe(1);
	expect(clock.pending).toBe(0);
});
