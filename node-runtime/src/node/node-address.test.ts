import { NAME_PATTERN } from "@easyremote/shared/protocol";
import { describe, expect, it } from "vitest";
import { nodeDoor } from "./gateway-url.js";
import { checkNodeId, defaultNodeId } from "./node-id.js";

describe("nodeDoor", () => {
	it.each([
		["http://localhost:8080", "ws://localhost:8080/nodes/a"],
		["https://gw.example.com/", "wss://gw.example.com/nodes/a"],
		["wss://gw.example.com/easy/", "wss://gw.example.com/easy/nodes/a"],
	])("turns %s into %s", (gateway, door) => {
		expect(nodeDoor(gateway, "a")).toBe(door);
	});

	it.each([
		"localhost:8080",
		"",
		"ftp://gw.example.com",
		"https://user:secret@gw.example.com",
	])("refuses %j", (gateway) => {
		expect(() => nodeDoor(gateway, "a")).toThrow(
			expect.objectContaining({ code: "INVALID_ARGUMENT" }) as Error,
		);
	});
});

describe("defaultNodeId", () => {
	it.each([
		["gpu-1.lan", "gpu-1"],
		["Anna's MacBook", "Anna-s-MacBook"],
		["10-0-0-1", "node-10-0-0-1"],
		["", "node"],
		["x".repeat(100), "x".repeat(64)],
	])("makes of %j %j", (host, id) => {
		expect(defaultNodeId(host)).toBe(id);
		expect(id).toMatch(NAME_PATTERN);
	});
});

describe("checkNodeId", () => {
	it("passes good ids and refuses the others", () => {
		expect(checkNodeId("gpu_1")).toBe("gpu_1");
		expect(() => checkNodeId("../etc")).toThrow(
			expect.objectContaining({ code: "INVALID_ARGUMENT" }) as Error,
		);
	});
});
