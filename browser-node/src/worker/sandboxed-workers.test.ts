import { EasyRemoteError } from "@easyremote/shared/errors";
import { ManualClock } from "@easyremote/shared/time";
import { expect, it } from "vitest";
import { SandboxedWorkers, type SandboxPage } from "./sandboxed-workers.js";

const BUNDLE = { sha256: "00", code: new ArrayBuffer(0), webgpu: false };

/** A page that only notes what is asked of it. */
class FakePage implements SandboxPage {
	readonly spawned: number[] = [];
	readonly terminated: number[] = [];
	checks = 0;

	spawnSandboxed(worker: number, port: MessagePort): void {
		this.spawned.push(worker);
		port.close();
	}

	terminateSandboxed(worker: number): void {
		this.terminated.push(worker);
	}

	checkSandbox(): void {
		this.checks += 1;
	}
}

it("has the page look after the sandbox while Workers are in it, and only then", async () => {
	const page = new FakePage();
	const clock = new ManualClock();
	const spawn = new SandboxedWorkers(page, clock).spawnFor(BUNDLE);
	await clock.advance(5_000);
	expect(page.checks).toBe(0);
	const [first, second] = [spawn(() => undefined), spawn(() => undefined)];
	await clock.advance(3_000);
	expect(page.checks).toBe(3);
	first.terminate();
	await clock.advance(1_000);
	expect(page.checks).toBe(4);
	second.terminate();
	expect(clock.pending).toBe(0);
	const third = spawn(() => undefined);
	await clock.advance(1_000);
	expect(page.checks).toBe(5);
	third.terminate();
	expect(page.terminated).toEqual(page.spawned);
});

it("tells a pool of the Worker that the page has lost", () => {
	const page = new FakePage();
	const workers = new SandboxedWorkers(page, new ManualClock());
	const lost: Error[] = [];
	const handle = workers.spawnFor(BUNDLE)((error) => lost.push(error));
	const error = new EasyRemoteError("UNAVAILABLE", "the sandbox is gone");
	workers.failed(99, error);
	workers.failed(1, error);
	expect(lost).toEqual([error]);
	handle.port.close();
	handle.terminate();
	workers.failed(1, error);
	expect(lost).toHaveLength(1);
});
