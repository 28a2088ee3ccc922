import { describe, expectTypeOf, it } from "vitest";
import type { Call } from "./call.js";
import type {
	RemoteFunction,
	RemoteModule,
	StreamCall,
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
		expectTypeOf<Result<"add">>().toEqualTypeOf<Call<number, never>>();
		expectTypeOf<Result<"later">>().toEqualTypeOf<Call<Uint8Array, never>>();
		expectTypeOf<Result<"either">>().toEqualTypeOf<Call<number, never>>();
	});

	it("make streams of generators and async iterables, not of lists and texts", () => {
		expectTypeOf<Result<"items">>().toEqualTypeOf<StreamCall<string>>();
		expectTypeOf<Result<"syncItems">>().toEqualTypeOf<StreamCall<number>>();
		expectTypeOf<Result<"laterItems">>().toEqualTypeOf<StreamCall<Date>>();
		expectTypeOf<Result<"list">>().toEqualTypeOf<Call<string[], never>>();
		expectTypeOf<Result<"text">>().toEqualTypeOf<Call<string, never>>();
	});

	it("leave out what is no function, and know options", () => {
		expectTypeOf<keyof Remote>().toEqualTypeOf<
			Exclude<keyof Sample, "version">
		>();
		expectTypeOf<Remote["add"]["with"]>().returns.toEqualTypeOf<
			RemoteFunction<Sample["add"]>
		>();
	});

	it("know nothing of what is unknown", () => {
		expectTypeOf<
			ReturnType<RemoteFunction<(...args: unknown[]) => unknown>>
		>().toEqualTypeOf<Call<unknown>>();
	});
});
