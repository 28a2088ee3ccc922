import { EasyRemoteError } from "@easyremote/shared/errors";
import { describe, expect, it } from "vitest";
import { recordThrown, thrownFrom } from "./thrown-record.js";

const across = (thrown: unknown) =>
	thrownFrom(structuredClone(recordThrown(thrown)));

describe("what is thrown in another thread", () => {
	it("keeps name, message and stack", () => {
		const thrown = new RangeError("too far");
		expect(across(thrown)).toMatchObject({
			name: "RangeError",
			message: "too far",
			stack: thrown.stack,
		});
	});

	it("keeps what an EasyRemoteError says, even of another copy of its class", () => {
		const ours = new EasyRemoteError("NOT_FOUND", "no such picture", {
			hint: "look elsewhere",
		});
		const foreign = Object.assign(new Error("no such picture"), {
			name: "EasyRemoteError",
			code: "NOT_FOUND",
			hint: "look elsewhere",
		});
		for (const thrown of [ours, foreign]) {
			expect(across(thrown)).toBeInstanceOf(EasyRemoteError);
			expect(across(thrown)).toMatchObject({
				code: "NOT_FOUND",
				message: "no such picture",
				hint: "look elsewhere",
			});
		}
	});

	it.each(["text", 5, undefined, { message: "own" }, Symbol("s")])(
		"copes with %o",
		(thrown) => {
			expect(across(thrown)).toBeInstanceOf(Error);
		},
	);
});
