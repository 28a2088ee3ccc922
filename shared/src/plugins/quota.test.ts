import { describe, expect, it } from "vitest";
import { EasyRemoteError } from "../errors/easyremote-error.js";
import { ManualClock } from "../time/manual-clock.js";
import { quota } from "./quota.js";

const calledBy = (id: string) => ({
	id: "call_1",
	function: "add",
	nodeId: "calc",
	caller: { id, subject: `who has ${id}`, anonymous: false },
});

function fixture(calls: number, per: string) {
	const clock = new ManualClock();
	const plugin = quota({ calls, per, clock });
	const call = (id: string): EasyRemoteError | undefined => {
		try {
			void plugin.beforeFunctionCall?.(calledBy(id));
			return undefined;
		} catch (error) {
			if (error instanceof EasyRemoteError) return error;
			throw error;
		}
	};
	return { clock, call };
}

describe("quota", () => {
	it("lets each principal make so many calls in a time, and says when there will be more", async () => {
		const { call, clock } = fixture(2, "1m");
		expect([call("a"), call("a")]).toEqual([undefined, undefined]);
		await clock.advance(20_000);
		const refused = call("a");
		expect(refused).toMatchObject({
			code: "RESOURCE_EXHAUSTED",
			retryAfterMs: 40_000,
			details: { reason: "quota", calls: 2, perMs: 60_000 },
		});
		expect(refused?.message).toContain("who has a");
		expect(call("b")).toBeUndefined();
		await clock.advance(40_000);
		expect(call("a")).toBeUndefined();
	});

	it("counts a refused call for nothing", async () => {
		const { call, clock } = fixture(1, "1s");
		for (let n = 0; n < 5; n += 1) call("a");
		await clock.advance(1_000);
		expect(call("a")).toBeUndefined();
	});

	it.each([
		[{ calls: 0, per: "1m" }, "calls"],
		[{ calls: 1.5, per: "1m" }, "calls"],
		[{ calls: 1, per: 0 }, "per"],
		[{ calls: 1, per: "soon" }, "soon"],
	])("refuses %o", (options, name) => {
		expect(() => quota(options)).toThrow(name);
	});
});
