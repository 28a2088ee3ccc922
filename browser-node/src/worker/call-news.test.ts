import { ManualClock } from "@easyremote/shared/testing";
import { beforeEach, describe, expect, it } from "vitest";
import type { BrowserNodeCall } from "../node-facts.js";
import { CallNews } from "./call-news.js";

function call(id: string): BrowserNodeCall {
	return { id, function: "add", caller: "anonymous", outcome: "running" };
}

describe("news of calls", () => {
	let clock: ManualClock;
	let told: string[];
	let news: CallNews;
	beforeEach(() => {
		clock = new ManualClock();
		told = [];
		news = new CallNews(
			(calls) => told.push(calls.map(({ id }) => id).join()),
			clock,
		);
	});

	it("come at once after a quiet time, and together in a busy one", async () => {
		news.add(call("a"));
		expect(told).toEqual(["a"]);
		news.add(call("b"));
		news.add(call("c"));
		expect(told).toEqual(["a"]);
		await clock.advance(50);
		expect(told).toEqual(["a", "b,c"]);
		news.add(call("d"));
		expect(told).toEqual(["a", "b,c"]);
		await clock.advance(50);
		expect(told).toEqual(["a", "b,c", "d"]);
		await clock.advance(1_000);
		news.add(call("e"));
		expect(told).toEqual(["a", "b,c", "d", "e"]);
	});

	it("do not wait when asked for", () => {
		news.add(call("a"));
		news.add(call("b"));
		news.flush();
		expect(told).toEqual(["a", "b"]);
	});
});
