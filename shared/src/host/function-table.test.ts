import { describe, expect, it } from "vitest";
import { collectFunctions } from "../functions/collect-functions.js";
import { FunctionTable, type TableChange } from "./function-table.js";

const entries = (...names: string[]) =>
	collectFunctions(Object.fromEntries(names.map((name) => [name, () => name])));

describe("FunctionTable", () => {
	it("finds functions by name and describes them", () => {
		const table = new FunctionTable();
		table.add(entries("add", "mul"));
		expect(table.names).toEqual(["add", "mul"]);
		expect(table.get("add").name).toBe("add");
		expect(table.describe()).toMatchObject([{ name: "add" }, { name: "mul" }]);
	});

	it("adds all or none", () => {
		const table = new FunctionTable();
		table.add(entries("add"));
		expect(() => table.add(entries("mul", "add"))).toThrow(
			expect.objectContaining({ code: "ALREADY_EXISTS" }) as Error,
		);
		expect(table.names).toEqual(["add"]);
	});

	it("suggests only what is near", () => {
		const table = new FunctionTable();
		table.add(entries("resize", "rotate"));
		const hint = (name: string): unknown => {
			try {
				table.get(name);
			} catch (error) {
				return (error as { hint?: string }).hint;
			}
			return "found";
		};
		expect(hint("rezise")).toBe('did you mean "resize"?');
		expect(hint("Rotate")).toBe('did you mean "rotate"?');
		expect(hint("train")).toBeUndefined();
	});

	it("tells of every change", () => {
		const table = new FunctionTable();
		const changes: TableChange[] = [];
		const stop = table.listen((change) => changes.push(change));
		table.add(entries("add"));
		table.remove(["add", "unknown"]);
		table.remove(["add"]);
		stop();
		table.add(entries("mul"));
		expect(
			changes.map(({ added, removed }) => [
				added.map(({ name }) => name),
				removed,
			]),
		).toEqual([
			[["add"], []],
			[[], ["add"]],
		]);
	});
});
