import { describe, expect, it } from "vitest";
import { ManualClock } from "../time/manual-clock.js";
import { DirectUpgrade } from "./direct-upgrade.js";
import type { PeerAttempt, PeerConnector } from "./peer-connector.js";
import { FakeSession } from "./testing/direct-pair.js";

/** A connector whose attempts never come to anything by themselves. */
class SilentConnector implements PeerConnector {
	readonly attempts: { closed: boolean; reject: (error: unknown) => void }[] =
		[];

	connect(): PeerAttempt {
		const attempt = {
			closed: false,
			reject: (_error: unknown): void => undefined,
		};
		const opened = new Promise<never>((_resolve, reject) => {
			attempt.reject = reject;
		});
		this.attempts.push(attempt);
		return {
			opened,
			ended: new Promise(() => undefined),
			signal: () => undefined,
			close: () => {
				attempt.closed = true;
			},
		};
	}
}

describe("DirectUpgrade's waits", () => {
	function waiting() {
		const clock = new ManualClock();
		const connector = new SilentConnector();
		const session = new FakeSession();
		const upgrade = new DirectUpgrade({
			session,
			initiator: true,
			connector,
			iceServers: () => [],
			sendSignal: () => undefined,
			clock,
			random: () => 1,
		});
		return { clock, connector, session, upgrade };
	}

	it("make a path that was given back anew when it is used, half a minute later at the soonest", async () => {
		const { clock, connector, upgrade } = waiting();
		upgrade.start();
		upgrade.release();
		upgrade.used();
		await clock.advance(29_000);
		upgrade.used();
		expect(connector.attempts).toHaveLength(1);
		await clock.advance(1_000);
		upgrade.used();
		upgrade.used();
		expect(connector.attempts).toHaveLength(2);
		upgrade.close();
	});

	it("end for the next call when the network has changed", async () => {
		const { connector, upgrade } = waiting();
		upgrade.start();
		upgrade.release();
		upgrade.networkChanged();
		expect(connector.attempts).toHaveLength(1);
		upgrade.used();
		expect(connector.attempts).toHaveLength(2);
		upgrade.close();
	});

	it("end after the time given, or when told to", async () => {
		const { clock, upgrade } = waiting();
		const answers: boolean[] = [];
		const abort = new AbortController();
		void upgrade.whenOpen(5_000).then((open) => answers.push(open));
		void upgrade
			.whenOpen(60_000, abort.signal)
			.then((open) => answers.push(open));
		await clock.advance(4_999);
		expect(answers).toEqual([]);
		await clock.advance(1);
		expect(answers).toEqual([false]);
		abort.abort();
		await clock.advance(0);
		expect(answers).toEqual([false, false]);
		expect(clock.pending).toBe(0);
		expect(await upgrade.whenOpen(1, AbortSignal.abort())).toBe(false);
	});

	it("double between attempts while the session is in use, and stop when it is not", async () => {
		const { clock, connector, session, upgrade } = waiting();
		session.activeCalls = 1;
		upgrade.start();
		for (const waitMs of [30_000, 60_000, 120_000]) {
			connector.attempts.at(-1)?.reject(new Error("no"));
			await clock.advance(waitMs - 1);
			const before = connector.attempts.length;
			expect(await upgrade.whenOpen(1_000)).toBe(false);
			await clock.advance(1);
			expect(connector.attempts).toHaveLength(before + 1);
		}
		session.activeCalls = 0;
		connector.attempts.at(-1)?.reject(new Error("no"));
		await clock.advance(600_000);
		expect(upgrade.state).toBe("idle");
		expect(clock.pending).toBe(0);
		upgrade.close();
		expect(connector.attempts.every((attempt) => attempt.closed)).toBe(true);
	});

	it("end when it is closed, and nothing begins after that", async () => {
		const { clock, connector, upgrade } = waiting();
		const open = upgrade.whenOpen(5_000);
		upgrade.close();
		expect(await open).toBe(false);
		upgrade.start();
		expect(connector.attempts).toHaveLength(1);
		expect(clock.pending).toBe(0);
	});
});
