import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { dictionary, list, object, optional, tagged } from "./composed.js";
import { Mismatch } from "./mismatch.js";
import {
	boolean,
	converted,
	either,
	matching,
	nullable,
	number,
	numberFrom,
	oneOf,
	type Shape,
	string,
	textUpTo,
	that,
	unknown,
	wholeNumber,
} from "./shape.js";

const person = object({
	name: textUpTo(5),
	age: optional(wholeNumber(0, 150)),
	tags: optional(list(string, 2), []),
});

const signal = tagged("kind", {
	go: {},
	wait: { ms: number },
});

/** Takes or refuses, and says where and why. */
function said(shape: Shape<unknown>, value: unknown): string {
	const read = shape(value);
	return read instanceof Mismatch ? String(read) : "taken";
}

describe("a value", () => {
	it.each<[Shape<unknown>, unknown[], unknown[]]>([
		[string, ["", "x"], [1, null, undefined, ["x"], new String("x")]],
		[boolean, [true, false], [0, "true", undefined]],
		[number, [0, -1.5, Infinity], [Number.NaN, "1", 1n, undefined]],
		[numberFrom(0, 2), [0, 0.5, 2], [-0.1, 2.1, Number.NaN, "1"]],
		[numberFrom(1), [1, Infinity], [0.9]],
		[wholeNumber(), [0, 1e300], [-1, 0.5, Infinity, "1", Number.NaN]],
		[wholeNumber(1, 3), [1, 3], [0, 4]],
		[textUpTo(2), ["", "ab"], ["abc", 1]],
		[matching(/^a+$/), ["aa"], ["", "ab", 1, ["a"]]],
		[oneOf<unknown>("a", 1, true), ["a", 1, true], ["b", "1", undefined]],
		[nullable(string), [null, ""], [undefined, 1]],
		[optional(string), [undefined, ""], [null, 1]],
		[either(string, boolean), ["", true], [1]],
		[list(boolean, 2), [[], [true, false]], [[1], [true, true, true], {}]],
		[dictionary(number), [{}, { a: 1 }], [{ a: "1" }, null, "a"]],
		[dictionary(number, oneOf("a")), [{}, { a: 1 }], [{ b: 1 }]],
		[that(number, (n) => n > 1, "too small"), [2], [1, "2"]],
		[unknown, [undefined, null, {}], []],
	])("%# is taken or refused", (shape, taken, refused) => {
		for (const value of taken) expect(shape(value)).toEqual(value);
		for (const value of refused) expect(shape(value)).toBeInstanceOf(Mismatch);
	});

	it("may be converted", () => {
		const day = converted(string, (text) => new Date(text));
		expect(day("2026-01-02")).toEqual(new Date("2026-01-02"));
		expect(said(day, 1)).toBe("top level: expected a text");
	});
});

describe("an object", () => {
	it("is copied without what is not expected of it", () => {
		const given = { name: "Ann", age: 3, more: 1 };
		const read = person(given);
		expect(read).toEqual({ name: "Ann", age: 3, tags: [] });
		expect(read).not.toBe(given);
	});

	it("lacks what was left out, and keeps what was said to be undefined", () => {
		const keys = (value: unknown) =>
			Object.keys(object({ a: optional(string) })(value));
		expect(keys({})).toEqual([]);
		expect(keys({ a: undefined })).toEqual(["a"]);
	});

	it.each([
		[{}, "name: is missing"],
		[{ name: 1 }, "name: expected a text of at most 5 characters"],
		[{ name: "Ann", age: -1 }, "age: expected a whole number from 0 to 150"],
		[{ name: "Ann", tags: ["a", 1] }, "tags.1: expected a text"],
		[null, "top level: expected an object"],
	])("says what is wrong with %j", (value, wrong) => {
		expect(said(person, value)).toBe(wrong);
	});

	it("does not say what was there instead", () => {
		expect(said(person, { name: "secret" })).not.toContain("secret");
	});

	it("may be read where fields are inherited, as those of events are", () => {
		const event = new MessageEvent("message", { data: 1 });
		expect(object({ data: number })(event)).toEqual({ data: 1 });
	});
});

describe("one of several kinds", () => {
	it("is told by its tag", () => {
		expect(signal({ kind: "wait", ms: 1, more: 1 })).toEqual({
			kind: "wait",
			ms: 1,
		});
		expect(said(signal, { kind: "wait" })).toBe("ms: is missing");
	});

	it.each([{ kind: "toString" }, { kind: "__proto__" }, {}, null, "go"])(
		"is none with %j",
		(value) => {
			expect(said(signal, value)).toBe("kind: is none that is known");
		},
	);
});

it("no key leads to what all objects have in common", () => {
	const hostile: unknown = JSON.parse(
		'{ "__proto__": { "evil": 1 }, "constructor": { "evil": 1 }, "prototype": 1, "a": 1 }',
	);
	const read = dictionary(unknown)(hostile);
	expect(Object.entries(read)).toEqual([["a", 1]]);
	expect(Object.getPrototypeOf(read)).toBe(Object.prototype);
	expect(({} as { evil?: unknown }).evil).toBeUndefined();
});

it("anything at all is taken or refused, and what is taken is taken again", () => {
	const anything = fc.anything({
		withBigInt: true,
		withNullPrototype: true,
		withMap: true,
		withDate: true,
	});
	const shapes = [
		person,
		signal,
		dictionary(either(number, list(string))),
		list(nullable(person), 3),
	];
	const fields = fc.record(
		{
			name: fc.oneof(fc.string(), anything),
			age: fc.oneof(fc.integer(), anything),
			tags: fc.oneof(fc.array(fc.string()), anything),
			kind: fc.constantFrom("go", "wait", "constructor"),
			ms: anything,
		},
		{ requiredKeys: [] },
	);
	fc.assert(
		fc.property(
			fc.constantFrom<Shape<unknown>>(...shapes),
			fc.oneof(anything, fields, fc.array(fields)),
			(shape, value) => {
				const read = shape(value);
				if (read instanceof Mismatch) expect(String(read)).toMatch(/: /);
				else expect(shape(read)).toEqual(read);
			},
		),
		{ numRuns: 5_000 },
	);
});
