import { define } from "@easyremote/shared";
import kernel from "./kernel.wasm";

const { exports } = new WebAssembly.Instance(kernel);
const count = exports.count as (from: number, to: number) => number;

/** How many primes there are from a number on, before another. WebAssembly's integers are the same everywhere. */
export const primes = define(
	{ description: "Counts primes, in WebAssembly", deterministic: "exact" },
	(_call, { from, to }: { readonly from: number; readonly to: number }) =>
		count(from, to),
);
