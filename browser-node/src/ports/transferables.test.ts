import { expect, it } from "vitest";
import { movableBuffers, parcelOf } from "./transferables.js";

const LARGE = 64 * 1024;

it("finds large buffers wherever arguments usually hold them", () => {
	const [a, b, c] = [
		new Uint8Array(LARGE),
		new Float32Array(LARGE),
		new ArrayBuffer(LARGE),
	];
	expect(movableBuffers([a, { image: b, parts: [c] }])).toEqual([
		a.buffer,
		b.buffer,
		c,
	]);
});

it("leaves alone what is small, seen in part, or shared by two views", () => {
	const whole = new ArrayBuffer(LARGE * 2);
	expect(
		movableBuffers([new Uint8Array(16), new Uint8Array(whole, 0, LARGE)]),
	).toEqual([]);
	expect(
		movableBuffers([new Uint8Array(whole), new Uint16Array(whole)]),
	).toEqual([whole]);
});

it("leaves alone what cannot be moved", () => {
	expect(
		movableBuffers([
			new Uint8Array(new SharedArrayBuffer(LARGE)),
			new Map([[1, new Uint8Array(LARGE)]]),
		]),
	).toEqual([]);
});

it("gives up on huge structures instead of walking them", () => {
	const list = Array.from({ length: 1_000_000 }, (_, index) => ({ index }));
	expect(movableBuffers([list, new Uint8Array(LARGE)])).toHaveLength(1);
});

it("copies a result that the function may keep, of the same type, and moves the copy", () => {
	const result = new Float32Array(LARGE / 4).fill(1.5);
	const { value, transfer } = parcelOf(result);
	expect(value).toEqual(result);
	expect(value).not.toBe(result);
	expect(transfer).toEqual([(value as Float32Array).buffer]);
	expect(parcelOf("text")).toEqual({ value: "text", transfer: [] });
});
