import { expect, it } from "vitest";
import { nodeDoor } from "./node-door.js";

it.each([
	["https://gw.example.com", "wss://gw.example.com/nodes/tab-abc"],
	["http://127.0.0.1:8080/", "ws://127.0.0.1:8080/nodes/tab-abc"],
	["wss://example.com/easy/?key=x#y", "wss://example.com/easy/nodes/tab-abc"],
])("of %s is %s", (gateway, door) => {
	expect(nodeDoor(gateway, "tab-abc")).toBe(door);
});
