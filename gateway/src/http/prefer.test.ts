import { expect, it } from "vitest";
import { readPrefer } from "./prefer.js";

it.each([
	[undefined, false, 0],
	["respond-async", true, 0],
	["Respond-Async, wait=10", true, 10_000],
	["wait=30", false, 30_000],
	['wait = "5" ; x=y, handling=lenient', false, 5_000],
	["wait=100000", false, 60_000],
	["wait=-1", false, 0],
	["wait=soon, respond-asynchronously", false, 0],
])("%s", (header, respondAsync, waitMs) => {
	expect(readPrefer(header)).toEqual({ respondAsync, waitMs });
});
