import { describe, expectTypeOf, it } from "vitest";
import type { Call } from "./call.js";
import type { MapOutcome } from "./map/map-options.js";
import type { SpawnedJob } from "./spawn-payload.js";
import type {
	RemoteFunction,
	RemoteModule,
	StreamCall,
	ValueCall,
} from "./remote-types.js";

interface Sample {
	add(a: number, b: number): number;
	later(text: string): Promise<Uint8Array>;
	items(): AsyncGenerator<string, void>;
	syncItems(): Generator<number>;
	laterItems(): Promise<AsyncIterable<Date>>;
	list(): string[];
	text(): string;
	either(): number | Promise<number>;
	readonly version: string;
}

type Remote = RemoteModule<Sample>;
type Result<K extends keyof Remote> = Remote[K] extends (
	...args: never[]
) => infer R
	? R
	: never;

describe("types of remote functions", () => {
	it("keep arguments, and make calls of results", () => {
		expectTypeOf<Parameters<Remote["add"]>>().toEqualTypeOf<
			[a: number, b: number]
		>();
		expectTypeOf<Result<"add">>().toEqualTypeOf<ValueCall<number>>();
		expectTypeOf<Result<"later">>().toEqualTypeOf<ValueCall<Uint8Array>>();
		expectTypeOf<Result<"either">>().toEqualTypeOf<ValueCall<number>>();
	});

	it("make streams of generators and async iterables, not of lists and texts", () => {
		expectTypeOf<Result<"items">>().toEqualTypeOf<StreamCall<string>>();
		expectTypeOf<Result<"syncItems">>().toEqualTypeOf<StreamCall<number>>();
		expectTypeOf<Result<"laterItems">>().toEqualTypeOf<StreamCall<Date>>();
		expectTypeOf<Result<"list">>().toEqualTypeOf<ValueCall<string[]>>();
		expectTypeOf<Result<"text">>().toEqualTypeOf<ValueCall<string>>();
	});

	it("leave out what is no function, and know options", () => {
		expectTypeOf<keyof Remote>().toEqualTypeOf<
			Exclude<keyof Sample, "version">
		>();
		expectTypeOf<Remote["add"]["with"]>().returns.toEqualTypeOf<
			RemoteFunction<Sample["add"]>
		>();
	});

	it("map functions of one argument over inputs of its type", () => {
		type Square = RemoteFunction<(n: number, hint?: string) => Promise<number>>;
		expectTypeOf<Parameters<Square["map"]>[0]>().toEqualTypeOf<
			Iterable<number> | AsyncIterable<number>
		>();
		const values = (square: Square) => square.map([1, 2]);
		expectTypeOf(values).returns.toEqualTypeOf<AsyncIterableIterator<number>>();
		expectTypeOf<Parameters<Remote["add"]["map"]>[0]>().toBeNever();
		const outcomes = (square: Square) =>
			square.map([1], { ordered: false, onError: "yield" });
		expectTypeOf(outcomes).returns.toEqualTypeOf<
			AsyncIterableIterator<MapOutcome<number>>
		>();
		// @ts-expect-error inputs are numbers
		const wrong = (square: Square) => square.map(["one"]);
		expectTypeOf(wrong).toBeFunction();
	});

	it("start jobs with the same arguments", () => {
		type Spawn = Remote["add"]["spawn"];
		expectTypeOf<Spawn>().parameters.toEqualTypeOf<Parameters<Sample["add"]>>();
		expectTypeOf<Spawn>().returns.toEqualTypeOf<Promise<SpawnedJob>>();
	});

	it("know nothing of what is unknown", () => {
		expectTypeOf<
			ReturnType<RemoteFunction<(...args: unknown[]) => unknown>>
		>().toEqualTypeOf<Call<unknown>>();
	});
});
