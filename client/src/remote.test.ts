import { EasyRemoteError } from "@easyremote/shared/errors";
import { afterAll, describe, expect, it } from "vitest";
import { configure, defaultClient } from "./default-client.js";
import { remote } from "./remote.js";

// Nobody listens on the discard port: these calls are about where they go, not what comes back.
const NOWHERE = {
	gateway: "http://127.0.0.1:9",
	retries: 0,
	rtc: false,
} as const;

afterAll(() => defaultClient().close());

function context(name: string, kind = "method") {
	return { name, kind } as unknown as ClassMethodDecoratorContext;
}

describe("the default client", () => {
	it("has to be told of a gateway", () => {
		expect(() => defaultClient()).toThrow(/no gateway is configured/);
	});

	it("is the one configured last, and closes the one before", async () => {
		const first = configure(NOWHERE);
		const second = configure(NOWHERE);
		expect(defaultClient()).toBe(second);
		await first.close();
		expect(first.state).toBe("closed");
	});

	it("is made anew after it was closed", async () => {
		const closed = configure(NOWHERE);
		await closed.close();
		expect(defaultClient()).not.toBe(closed);
	});
});

describe("remote", () => {
	it("makes a handle of a reference", async () => {
		configure(NOWHERE);
		const add = remote<(a: number, b: number) => number>("gpu-1.add");
		await expect(add(1, 2)).rejects.toMatchObject({ code: "UNAVAILABLE" });
		expect(() => remote("a b")).toThrow(EasyRemoteError);
	});

	it("replaces a method, whose body never runs", async () => {
		configure(NOWHERE);
		let ran = false;
		const decorated = remote({ node: "gpu-1" })(async () => {
			ran = true;
			return Promise.resolve(1);
		}, context("add"));
		await expect(decorated.call(undefined)).rejects.toMatchObject({
			code: "UNAVAILABLE",
		});
		expect(ran).toBe(false);
	});

	it("refuses a bad place at once", () => {
		expect(() => remote({ node: "no node" })).toThrow(/not the id of a node/);
		const decorate = remote({ node: "gpu-1" });
		expect(() => decorate(() => 1, context("#secret"))).toThrow(
			/not a reference/,
		);
		expect(() => decorate(() => 1, context("add", "field"))).toThrow(
			/decorator of methods/,
		);
	});
});
