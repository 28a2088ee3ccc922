import { describe, expect, it } from "vitest";
import {
	mayCall,
	mayPublish,
	mayRegister,
	mayRegisterFunction,
	parseGrant,
} from "./grants.js";

describe("mayCall", () => {
	it.each([
		[["call:*"], true],
		[["call:resize"], true],
		[["call:res*"], true],
		[["call:gpu-1.resize"], true],
		[["call:gpu-*.*"], true],
		[["call:*.resize"], true],
		[["admin"], true],
		[["call:other", "call:resize"], true],
		[[], false],
		[["call:gpu-1"], false],
		[["call:gpu*"], false],
		[["call:cpu-1.*"], false],
		[["call:Resize"], false],
		[["node:*", "publish:*"], false],
		[["call"], false],
		[["call:"], false],
		[["administrator", "*"], false],
	])("with %j: %j", (grants, expected) => {
		expect(mayCall(grants, "gpu-1", "resize")).toBe(expected);
	});

	it("covers functions of bundles", () => {
		expect(mayCall(["call:images/*"], "tab-1", "images/resize")).toBe(true);
		expect(mayCall(["call:other/*"], "tab-1", "images/resize")).toBe(false);
	});
});

it("metrics grants nothing else", () => {
	expect(parseGrant("metrics")).toBe("metrics");
	expect(mayCall(["metrics"], "gpu-1", "resize")).toBe(false);
	expect(mayRegister(["metrics"], "gpu-1")).toBe(false);
	expect(mayPublish(["metrics"], "images")).toBe(false);
});

describe("mayRegister", () => {
	it.each([
		[["node:gpu-*"], true, true],
		[["node:*"], true, true],
		[["node:gpu-1.resize*"], true, true],
		[["node:gpu-1.other"], true, false],
		[["node:gpu-2"], false, false],
		[["call:*"], false, false],
		[["admin"], true, true],
		[[], false, false],
	])("with %j: the id %j, the function %j", (grants, id, functions) => {
		expect(mayRegister(grants, "gpu-1")).toBe(id);
		expect(mayRegisterFunction(grants, "gpu-1", "resize_all")).toBe(functions);
	});

	it("takes the pattern of the id and that of the function together", () => {
		const grants = ["node:gpu-1.add", "node:gpu-2.mul"];
		expect(mayRegisterFunction(grants, "gpu-1", "mul")).toBe(false);
	});
});

it("mayPublish goes by the bundle's name", () => {
	expect(mayPublish(["publish:image-*"], "image-tools")).toBe(true);
	expect(mayPublish(["publish:image-*"], "audio-tools")).toBe(false);
	expect(mayPublish(["admin"], "anything")).toBe(true);
});

describe("parseGrant", () => {
	it.each(["admin", "call:*", "node:gpu-1.resize*", "publish:a"])(
		"takes %j",
		(text) => {
			expect(parseGrant(text)).toBe(text);
		},
	);

	it.each(["", "Admin", "call", "call:", "calls:*", "call:a b", "call:(a+)+"])(
		"refuses %j",
		(text) => {
			expect(() => parseGrant(text)).toThrow(
				expect.objectContaining({ code: "INVALID_ARGUMENT" }),
			);
		},
	);
});
