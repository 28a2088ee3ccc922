import { afterEach, describe, expect, it, vi } from "vitest";
import { TurnEnd } from "./turn-end.js";

afterEach(() => vi.unstubAllGlobals());

/** A turn's end, and what it has run. */
function turn() {
	const end = new TurnEnd();
	const done: string[] = [];
	const plan = (name: string) => end.plan(() => done.push(name));
	return { end, done, plan };
}

describe("TurnEnd", () => {
	it("runs what was planned in a turn when that is over, each once", async () => {
		const { done, plan } = turn();
		plan("one");
		plan("two");
		expect(done).toEqual([]);
		await Promise.resolve();
		expect(done).toEqual(["one", "two"]);
		plan("three");
		await Promise.resolve();
		expect(done).toEqual(["one", "two", "three"]);
	});

	it("runs what a task plans right after it", async () => {
		const { end, done, plan } = turn();
		end.plan(() => plan("of a task"));
		await Promise.resolve();
		expect(done).toEqual(["of a task"]);
	});

	it("does not wait for the end of a turn in which much becomes ready", async () => {
		const { end, done, plan } = turn();
		for (let count = 1; count <= 60; count += 1) {
			end.ready();
			if ([1, 17, 49].includes(count)) plan(`from ${count} on`);
		}
		expect(done).toEqual(["from 1 on", "from 17 on"]);
		await Promise.resolve();
		expect(done).toEqual(["from 1 on", "from 17 on", "from 49 on"]);
	});

	it("runs the others where one throws, and lets that be seen", async () => {
		const { end, done, plan } = turn();
		const uncaught: (() => void)[] = [];
		vi.stubGlobal("queueMicrotask", (task: () => void) => uncaught.push(task));
		end.plan(() => {
			throw new Error("broken");
		});
		plan("another");
		await Promise.resolve();
		expect(done).toEqual(["another"]);
		expect(() => uncaught[0]?.()).toThrow("broken");
	});
});
