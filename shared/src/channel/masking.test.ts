import { describe, expect, it } from "vitest";
import { maskingFor } from "./masking.js";

describe("maskingFor", () => {
	it.each([
		"wss://gw.example.com/clients",
		"ws://127.0.0.1:8080",
		"ws://localhost/",
		"ws://[::1]:1/",
	])("spares %s the work", (url) => {
		const mask = Uint8Array.of(1, 2, 3, 4);
		maskingFor(url).generateMask?.(mask);
		expect([...mask]).toEqual([0, 0, 0, 0]);
	});

	it.each([
		"ws://gw.example.com/clients",
		"ws://10.0.0.1:8080",
		"ws://127.0.0.1.example.com",
		"ws://localhost.example.com",
	])("leaves the key of %s to chance", (url) => {
		expect(maskingFor(url)).toEqual({});
	});
});
