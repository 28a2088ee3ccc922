import type { FunctionDescriptor, Provider } from "@easyremote/shared/protocol";
import { Validator } from "@seriousme/openapi-schema-validator";
import { describe, expect, it } from "vitest";
import type { VisibleBundle } from "../bundles/visible-bundles.js";
import { openApiDocument } from "./openapi-document.js";

const plain = {
	public: false,
	authRequired: true,
	idempotent: false,
	stream: false,
};

function provider(
	nodeId: string,
	functions: readonly FunctionDescriptor[],
): Provider {
	return {
		nodeId,
		kind: "compute",
		state: "online",
		tags: [],
		direct: true,
		load: { running: 0, queued: 0, maxConcurrent: 1 },
		functions: [...functions],
	};
}

interface Document {
	readonly paths: Record<string, Record<string, unknown>>;
	readonly components: { readonly schemas: Record<string, unknown> };
}

function written(
	providers: readonly Provider[],
	maxBytes = 1_000_000,
	bundles: readonly VisibleBundle[] = [],
) {
	const options = {
		providers,
		bundles,
		version: "1.2.3",
		open: false,
		maxBytes,
	};
	return JSON.parse(openApiDocument(options)) as Document;
}

/** What a validator of the specification says of it. */
async function problems(document: object): Promise<unknown> {
	const { valid, errors } = await new Validator().validate({ ...document });
	return valid ? [] : errors;
}

const add: FunctionDescriptor = {
	...plain,
	name: "add",
	description: "Adds [two](http://evil.test) numbers",
	input: {
		type: "array",
		prefixItems: [{ type: "number" }, { type: "number", examples: [5] }],
		minItems: 2,
	},
	output: { type: "number" },
};

describe("the OpenAPI document", () => {
	it("has what is published once, whoever donates", async () => {
		const donor = provider("tab-1", [
			{ ...add, name: "math@2/add" },
			{ ...add, name: "math@1/add" },
		]);
		const document = written([donor], 1_000_000, [
			{ name: "math", version: "2", functions: [add] },
		]);
		expect(await problems(document)).toEqual([]);
		const paths = Object.keys(document.paths).filter((path) =>
			path.includes("add"),
		);
		expect(paths).toEqual(["/api/math/add"]);
	});

	it("is valid, whatever is registered", async () => {
		expect(await problems(written([]))).toEqual([]);
		const odd: FunctionDescriptor[] = [
			add,
			{ ...plain, name: "tokens", stream: true, output: { type: "string" } },
			{ ...plain, name: "nothing", authRequired: false },
			{
				...plain,
				name: "hostile",
				input: { type: 7, $ref: "http://evil.test/x", properties: [1] },
				output: {
					properties: {
						tree: { $ref: "#/$defs/node" },
						nothing: { $ref: "#/$defs/nothing" },
						self: { $ref: "#" },
					},
					$defs: { node: { properties: { next: { $ref: "#/$defs/node" } } } },
				},
			},
		];
		const document = written([provider("one", odd), provider("two", [add])]);
		expect(await problems(document)).toEqual([]);
		expect(JSON.stringify(document)).not.toContain("evil.test/x");
		expect(JSON.stringify(document)).not.toContain("[two](");
	});

	it("has a path for each way to call each function, and those of jobs", () => {
		const { paths } = written([provider("one", [add]), provider("two", [add])]);
		const calls = Object.keys(paths).filter((path) => path.endsWith("add"));
		expect(calls).toEqual(["/api/add", "/api/one.add", "/api/two.add"]);
		expect(paths["/api/jobs/{id}/result"]).toBeDefined();
		expect(paths["/api/add"]).toMatchObject({
			post: {
				requestBody: {
					content: { "application/json": { example: { args: [0, 5] } } },
				},
				responses: { 202: {}, 409: {}, 415: {} },
			},
		});
	});

	it("leaves functions of single nodes out rather than growing too large", () => {
		const providers = [provider("one", [add])];
		const whole = Buffer.byteLength(JSON.stringify(written(providers)));
		const all = Object.keys(written(providers, whole).paths);
		expect(all).toContain("/api/one.add");
		const fewer = Object.keys(written(providers, whole - 1).paths);
		expect(fewer).toContain("/api/add");
		expect(fewer).not.toContain("/api/one.add");
	});
});
