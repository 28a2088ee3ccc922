import * as v from "valibot";
import { expect, it } from "vitest";
import { list, object, optional } from "./composed.js";
import { number, string } from "./shape.js";
import { schemaOf, schemasOf } from "./schema-of.js";

const person = object({
	name: string,
	ages: list(number),
	nick: optional(string),
});
const couple = v.object({
	one: schemaOf(person),
	other: v.object({ ...schemasOf(person.fields), name: v.literal("Bob") }),
});

it("a schema takes what its shapes take, and drops what they drop", () => {
	const one = { name: "Ann", ages: [1] };
	const other = { name: "Bob", ages: [], nick: "B" };
	const more = { one: { ...one, more: 1 }, other: { ...other, more: 1 } };
	expect(v.parse(couple, more)).toEqual({ one, other });
});

it("a schema tells of everything that is wrong with its shapes, by its place", () => {
	const wrong = { one: { name: "Ann", ages: [1, "2"] }, other: { ages: 1 } };
	const { issues = [] } = v.safeParse(couple, wrong);
	expect(issues.map((issue) => v.getDotPath(issue))).toEqual([
		"one.ages.1",
		"other.name",
		"other.ages",
	]);
	expect(issues[0]?.message).toBe("expected a number");
});
