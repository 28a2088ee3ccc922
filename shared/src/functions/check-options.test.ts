import { describe, expect, it } from "vitest";
import { z } from "zod";
import { checkOptions } from "./check-options.js";

describe("checkOptions", () => {
	it("takes what the documentation shows", () => {
		expect(() => {
			checkOptions(
				{
					name: "resize",
					description: "Resize an image",
					tags: ["image"],
					version: "1.0.0",
					input: [z.string(), z.number()],
					output: z.string(),
					timeout: "30s",
					concurrency: 2,
					idempotent: true,
					authRequired: false,
					public: true,
					cache: { ttl: "5m" },
					resources: { gpu: { memory: "8GB" }, memory: "512MB", cpu: 0.5 },
					isolate: "worker",
				},
				"resize",
			);
			checkOptions({ timeout: undefined, resources: { gpu: true } }, "f");
		}).not.toThrow();
	});

	it.each([
		["name", "1st"],
		["name", ""],
		["description", 5],
		["tags", "image"],
		["tags", [1]],
		["version", 1],
		["input", [{}]],
		["input", "string"],
		["output", [z.string()]],
		["timeout", "soon"],
		["timeout", 0],
		["timeout", -5],
		["concurrency", 0],
		["concurrency", 1.5],
		["idempotent", "yes"],
		["authRequired", 1],
		["public", null],
		["cache", true],
		["cache", {}],
		["cache", { ttl: "5m", size: 1 }],
		["resources", { gpu: "yes" }],
		["resources", { gpu: {} }],
		["resources", { memory: "a lot" }],
		["resources", { cpu: 0 }],
		["resources", { disk: "1GB" }],
		["isolate", "process"],
	])("refuses %s: %j", (option, value) => {
		expect(() => {
			checkOptions({ [option]: value }, "f");
		}).toThrow(
			expect.objectContaining({
				code: "INVALID_ARGUMENT",
				message: expect.stringContaining(
					`"${option}" of function "f"`,
				) as string,
			}),
		);
	});

	it.each(["timeOut", "toString", "__proto__", "constructor"])(
		"does not know %s",
		(option) => {
			const options: unknown = JSON.parse(`{"${option}": 1}`);
			expect(() => {
				checkOptions(options, "f");
			}).toThrow(`unknown option "${option}"`);
		},
	);

	it("takes nothing but an object", () => {
		for (const options of [null, [], "x", 1]) {
			expect(() => {
				checkOptions(options, "f");
			}).toThrow("must be an object");
		}
	});
});
