import type { FunctionDescriptor } from "@easyremote/shared/protocol";
import ts from "typescript";
import { describe, expect, it } from "vitest";
import { listFunctions, listNodes } from "../../listing.js";
import { declarations } from "./declarations.js";
import { parameterList, schemaType } from "./schema-type.js";

const plain = {
	public: true,
	authRequired: true,
	idempotent: false,
	stream: false,
};

function offer(functions: readonly FunctionDescriptor[]) {
	const providers = [
		{
			nodeId: "gpu-1",
			kind: "compute" as const,
			state: "online" as const,
			tags: [],
			direct: true,
			load: { running: 0, queued: 0, maxConcurrent: 1 },
			functions: [...functions],
		},
	];
	return {
		gateway: "http://gw.test",
		functions: listFunctions(providers),
		nodes: listNodes(providers),
	};
}

describe("types of schemas", () => {
	it("say what TypeScript can say", () => {
		const cases: [object | boolean, string][] = [
			[{ type: "integer", minimum: 3 }, "number"],
			[{ anyOf: [{ type: "string" }, { type: "null" }] }, "string | null"],
			[{ type: ["string", "null"] }, "string | null"],
			[
				{
					type: "array",
					items: { anyOf: [{ type: "string" }, { type: "boolean" }] },
				},
				"(string | boolean)[]",
			],
			[{ type: "string", enum: ["png", "jpeg"] }, '"png" | "jpeg"'],
			[{ const: 5 }, "5"],
			[
				{
					type: "array",
					prefixItems: [{ type: "number" }, { type: "string" }],
				},
				"[number, string]",
			],
			[
				{
					type: "object",
					properties: { width: { type: "number" }, "a-b": { type: "string" } },
					required: ["width"],
				},
				'{ "width": number; "a-b"?: string }',
			],
			[
				{ type: "object", additionalProperties: { type: "number" } },
				"Record<string, number>",
			],
			[{}, "unknown"],
			[false, "never"],
		];
		for (const [schema, type] of cases) expect(schemaType(schema)).toBe(type);
	});

	it("stop where a type contains itself, and at what makes no sense", () => {
		const node = {
			$ref: "#/$defs/node",
			$defs: {
				node: {
					type: "object",
					properties: { next: { $ref: "#/$defs/node" } },
				},
			},
		};
		expect(schemaType(node)).toBe('{ "next"?: unknown }');
		for (const odd of [5, null, [], { type: 7 }, { $ref: "#/__proto__" }])
			expect(schemaType(odd)).toBe("unknown");
	});

	it("name parameters, and know which may be left out", () => {
		const items = [{ type: "number" }, { type: "string" }];
		const schema = { type: "array", prefixItems: items, minItems: 1 };
		expect(parameterList(schema)).toBe("arg1: number, arg2?: string");
		expect(parameterList(undefined)).toBe("...args: unknown[]");
		const point = {
			$ref: "#/prefixItems/0/$defs/x",
			$defs: { x: { type: "number" } },
		};
		expect(parameterList({ prefixItems: [point] })).toBe("arg1: number");
	});
});

describe("declarations", () => {
	it("are TypeScript, whatever nodes say of themselves", () => {
		const text = declarations(
			offer([
				{
					...plain,
					name: "add",
					description: "Adds */ process.exit(1) /* two\nnumbers",
					input: {
						type: "array",
						prefixItems: [{ type: "number" }, { type: "number" }],
					},
					output: { type: "number" },
				},
				{ ...plain, name: "tokens", stream: true, output: { type: "string" } },
				{ ...plain, name: "class" },
			]),
		);
		expect(text).toContain('"add"(arg1: number, arg2: number): number;');
		expect(text).toContain(
			'"tokens"(...args: unknown[]): AsyncGenerator<string, void>;',
		);
		expect(text).toContain(
			'"gpu-1": Pick<Functions, "add" | "tokens" | "class">;',
		);
		const { diagnostics } = ts.transpileModule(text, {
			reportDiagnostics: true,
		});
		expect(diagnostics).toEqual([]);
		const file = ts.createSourceFile("a.d.ts", text, ts.ScriptTarget.Latest);
		const kinds = file.statements.map(({ kind }) => ts.SyntaxKind[kind]);
		expect(kinds).toEqual(["InterfaceDeclaration", "InterfaceDeclaration"]);
	});
});
