import { describe, expect, it } from "vitest";
import type { CallerIdentity } from "../protocol/control-messages.js";
import { hostFixture } from "./testing/host-fixture.js";

function allowed(key: string, callsPerMinute: number): CallerIdentity {
	return {
		id: key,
		subject: key,
		anonymous: false,
		grants: ["call:*"],
		quota: { key, callsPerMinute },
	};
}

describe("a caller's quota", () => {
	it("lets so many calls through, says when the next may come, and keeps to that", async () => {
		const { caller, clock } = hostFixture({ add: () => 1 });
		const call = (who: CallerIdentity) => caller(who).call("add");
		const anna = allowed("anna", 6);
		for (let count = 0; count < 6; count += 1)
			expect(call(anna).result).toBe(1);
		expect(call(anna).error).toMatchObject({
			code: "RESOURCE_EXHAUSTED",
			retryAfterMs: 10_000,
			details: { reason: "rate_limit", callsPerMinute: 6 },
		});
		expect(call(allowed("bob", 6)).result).toBe(1);
		await clock.advance(9_999);
		expect(call(anna).error.code).toBe("RESOURCE_EXHAUSTED");
		await clock.advance(1);
		expect(call(anna).result).toBe(1);
		expect(call(anna).error.code).toBe("RESOURCE_EXHAUSTED");
	});

	it("follows the gateway when that allows more", () => {
		const { caller } = hostFixture({ add: () => 1 });
		expect(caller(allowed("anna", 1)).call("add").result).toBe(1);
		expect(caller(allowed("anna", 1)).call("add").error.retryAfterMs).toBe(
			60_000,
		);
		expect(caller(allowed("anna", 2)).call("add").result).toBe(1);
	});

	it("counts no calls of whom the gateway sets no limit", () => {
		const { caller } = hostFixture({ add: () => 1 });
		for (let count = 0; count < 1_000; count += 1)
			expect(caller().call("add").result).toBe(1);
	});
});
