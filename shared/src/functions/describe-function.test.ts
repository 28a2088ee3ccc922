import * as v from "valibot";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { packEnvelope, unpackEnvelope } from "../codec/envelope.js";
import { functionDescriptor } from "../protocol/provider.js";
import { describeFunction } from "./describe-function.js";

function described(options: Parameters<typeof describeFunction>[0]["options"]) {
	return describeFunction({ name: "f", options, stream: false });
}

describe("describeFunction", () => {
	it("has a default for everything that decides", () => {
		expect(described({})).toEqual({
			name: "f",
			public: false,
			authRequired: true,
			idempotent: false,
			stream: false,
		});
	});

	it("tells all in plain units, as the protocol has it", () => {
		const descriptor = described({
			description: "d",
			tags: ["t"],
			version: "1",
			input: [
				z.instanceof(Uint8Array),
				z.object({ width: z.number().default(1) }),
			],
			output: z.string(),
			timeout: "30s",
			concurrency: 2,
			idempotent: true,
			authRequired: false,
			public: true,
			cache: { ttl: "5m" },
			resources: { gpu: { memory: "8GB" }, memory: 1000, cpu: 2 },
		});
		expect(descriptor).toEqual({
			name: "f",
			description: "d",
			tags: ["t"],
			version: "1",
			public: true,
			authRequired: false,
			idempotent: true,
			stream: false,
			timeoutMs: 30_000,
			concurrency: 2,
			cacheTtlMs: 300_000,
			resources: { gpu: { memoryBytes: 8e9 }, memoryBytes: 1000, cpu: 2 },
			input: {
				type: "array",
				minItems: 2,
				maxItems: 2,
				prefixItems: [
					{},
					{
						type: "object",
						properties: { width: { type: "number", default: 1 } },
					},
				],
			},
			output: { type: "string" },
		});
		expect(
			functionDescriptor(unpackEnvelope(packEnvelope(descriptor))),
		).toEqual(descriptor);
	});

	it("keeps references within an argument's schema leading where they did", () => {
		const tree = z.object({
			get children() {
				return z.array(tree);
			},
		});
		const point = z.object({ x: z.number() }).meta({ id: "Point" });
		const line = z.object({ from: point, to: point, $ref: z.string() });
		const { input } = described({
			input: [tree, line.default({ from: { x: 0 }, to: { x: 0 }, $ref: "#" })],
		});
		expect(input).toMatchObject({
			prefixItems: [
				{ properties: { children: { items: { $ref: "#/prefixItems/0" } } } },
				{
					properties: {
						from: { $ref: "#/prefixItems/1/$defs/Point" },
						$ref: { type: "string" },
					},
					default: { $ref: "#" },
					$defs: { Point: { type: "object" } },
				},
			],
		});
	});

	it("leaves out schemas that their library cannot tell", () => {
		const descriptor = described({ input: [v.string()], output: v.number() });
		expect(descriptor).not.toHaveProperty("input");
		expect(descriptor).not.toHaveProperty("output");
	});

	it("takes the libraries' own methods too", () => {
		const standard = z.string()["~standard"];
		const { validate, vendor } = standard;
		const own = {
			"~standard": { version: 1 as const, vendor, validate },
			toJsonSchema: () => ({ $schema: "x", type: "string" }),
		};
		expect(described({ output: own }).output).toEqual({ type: "string" });
	});

	it("leaves out schemas too large or too deep to announce", () => {
		let deep: z.ZodType = z.string();
		for (let level = 0; level < 15; level++) deep = z.object({ deep });
		expect(described({ output: deep }).output).toBeUndefined();
		const wide = z.enum(Array.from({ length: 5000 }, (_, n) => `value-${n}`));
		expect(described({ output: wide }).output).toBeUndefined();
	});

	it("survives a schema that throws", () => {
		const { validate, vendor } = z.string()["~standard"];
		const output = {
			"~standard": { version: 1 as const, vendor, validate },
			toJSONSchema: () => {
				throw new Error("cannot");
			},
		};
		expect(described({ output })).not.toHaveProperty("output");
	});
});
