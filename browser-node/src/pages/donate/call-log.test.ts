import { expect, it } from "vitest";
import { type CallEntry, updateCallLog } from "./call-log.js";

const running = (id: string): CallEntry => ({
	id,
	function: "add",
	caller: "ada",
	outcome: "running",
});

it("keeps a call's place when its outcome becomes known", () => {
	const log = [running("c"), running("b"), running("a")];
	const done: CallEntry = { ...running("b"), outcome: "done", runMs: 3 };
	expect(updateCallLog(log, done)).toEqual([running("c"), done, running("a")]);
});

it("lists the newest first and forgets the oldest", () => {
	const log = ["a", "b", "c"].reduce<readonly CallEntry[]>(
		(list, id) => updateCallLog(list, running(id), 2),
		[],
	);
	expect(log.map(({ id }) => id)).toEqual(["c", "b"]);
});
