import { describe, expect, it } from "vitest";
import { PROTOCOL } from "../protocol/constants.js";
import { PROBE_FUNCTION } from "../protocol/probe.js";
import { NAME_PATTERN } from "../protocol/wire-types.js";
import type { Executor } from "./executor.js";
import { hostFixture } from "./testing/host-fixture.js";

const functions = { add: (a: number, b: number) => a + b };
const empty = new Uint8Array();

function stranger(grants: readonly string[], anonymous = false) {
	return { id: "key_ben", subject: "ben", anonymous, grants: [...grants] };
}

describe("the probe", () => {
	it("takes bytes and gives as many back as it is asked for, which do not compress", () => {
		const { caller } = hostFixture(functions);
		const call = caller().call(PROBE_FUNCTION, [new Uint8Array(10), 1_001]);
		const answer = call.result as Uint8Array;
		expect(answer).toHaveLength(1_001);
		expect(new Set(answer).size).toBeGreaterThan(200);
		expect(caller().call(PROBE_FUNCTION, [empty, 0]).result).toEqual(empty);
	});

	it("cannot be a user's function, and is in no list", () => {
		expect(PROBE_FUNCTION).not.toMatch(NAME_PATTERN);
		const { host } = hostFixture(functions);
		expect(host.table.names).toEqual(["add"]);
	});

	it.each<[string, unknown[]]>([
		["no bytes", []],
		["text for bytes", ["x", 0]],
		["no count", [empty]],
		["a negative count", [empty, -1]],
		["a part of a byte", [empty, 0.5]],
		["more than it gives", [empty, PROTOCOL.probeBytes + 1]],
		["more than it takes", [new Uint8Array(PROTOCOL.probeBytes + 1), 0]],
	])("refuses %s", (_what, args) => {
		const { caller } = hostFixture(functions);
		expect(caller().call(PROBE_FUNCTION, args).error.code).toBe(
			"INVALID_ARGUMENT",
		);
	});

	it.each<[string, ReturnType<typeof stranger>, string | undefined]>([
		["one function of the node", stranger(["call:calc.add"]), undefined],
		["everything", stranger(["admin"]), undefined],
		["another node", stranger(["call:gpu.*"]), "PERMISSION_DENIED"],
		["nothing", stranger([]), "PERMISSION_DENIED"],
		["nothing, and has no key", stranger([], true), "UNAUTHENTICATED"],
	])("is for who may call %s", (_what, who, refusal) => {
		const { caller } = hostFixture(functions);
		const call = caller(who).call(PROBE_FUNCTION, [empty, 0]);
		if (refusal === undefined) expect(call.result).toEqual(empty);
		else expect(call.error.code).toBe(refusal);
	});

	it("runs in the node itself, wherever its functions run, and in turn with them", () => {
		const elsewhere: Executor = {
			run: () => new Promise(() => undefined),
		};
		const { caller } = hostFixture(functions, {
			executorFor: () => elsewhere,
			limits: { maxConcurrent: 1, maxQueue: 0 },
		});
		expect(caller().call(PROBE_FUNCTION, [empty, 0]).result).toEqual(empty);
		caller().call("add", [1, 2]);
		expect(caller().call(PROBE_FUNCTION, [empty, 0]).error.code).toBe(
			"RESOURCE_EXHAUSTED",
		);
	});
});
