import { afterEach, describe, expect, it, vi } from "vitest";
import { TurnEnd } from "./turn-end.js";

/** What runs once the present turn is over. */
let later: (() => void)[] = [];
afterEach(() => {
	later = [];
	vi.unstubAllGlobals();
});

/** A turn's end, and what it has run. */
function turn() {
	const end = new TurnEnd((task) => void later.push(task));
	const done: string[] = [];
	const plan = (name: string) => end.plan(() => done.push(name));
	return { end, done, plan };
}

describe("TurnEnd", () => {
	it("runs what was planned in a turn when that is over, each once", () => {
		const { done, plan } = turn();
		plan("one");
		plan("two");
		expect(done).toEqual([]);
		for (const task of later) task();
		expect(done).toEqual(["one", "two"]);
		plan("three");
		for (const task of later.splice(1)) task();
		expect(done).toEqual(["one", "two", "three"]);
	});

	it("runs what a task plans right after it", () => {
		const { end, done, plan } = turn();
		end.plan(() => plan("of a task"));
		later[0]?.();
		expect(done).toEqual(["of a task"]);
		expect(later).toHaveLength(1);
	});

	it("does not wait for the end of a turn in which much becomes ready", () => {
		const { end, done, plan } = turn();
		for (let count = 1; count <= 60; count += 1) {
			end.ready();
			if ([1, 17, 49].includes(count)) plan(`from ${count} on`);
		}
		expect(done).toEqual(["from 1 on", "from 17 on"]);
		for (const task of later) task();
		expect(done).toEqual(["from 1 on", "from 17 on", "from 49 on"]);
	});

	it("runs the others where one throws, and lets that be seen", () => {
		const { end, done, plan } = turn();
		const uncaught: (() => void)[] = [];
		vi.stubGlobal("queueMicrotask", (task: () => void) => uncaught.push(task));
		end.plan(() => {
			throw new Error("broken");
		});
		plan("another");
		later[0]?.();
		expect(done).toEqual(["another"]);
		expect(() => uncaught[0]?.()).toThrow("broken");
	});
});
