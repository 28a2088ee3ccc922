/* eslint-disable @typescript-eslint/no-unsafe-call -- what must not compile has no type that could be called */
import type { Client, remote as remoteFunction } from "@easyremote/client";
import { expectTypeOf, it } from "vitest";
import type * as Functions from "../support/typed-functions.js";

// The compiler is the test: nothing here runs, since what must not compile should not be called either.
type Module = typeof Functions;

it("calls that fit their functions compile, and results have their types", () => {
	const use = (client: Client, module: Module) => {
		const node =
			client.node<typeof import("../support/typed-functions.js")>("gpu-1");
		expectTypeOf(node.add(1, 2)).resolves.toBeNumber();
		expectTypeOf(node.greet("Ada")).resolves.toBeString();
		const image = node.resize(new Uint8Array(), { width: 1 });
		expectTypeOf(image).resolves.toExtend<Uint8Array>();
		const add = client.remote<Module["add"]>("gpu-1.add");
		expectTypeOf(add.with({ timeout: "1s" })(1, 2)).resolves.toBeNumber();
		const greetings = client.any<Module>().greet.map(["Ada", "Bob"]);
		expectTypeOf(greetings.next()).resolves.toExtend<IteratorResult<string>>();
		expectTypeOf(client.job<string>("job_1").result()).resolves.toBeString();
		const checked = client.node("gpu-1", module);
		expectTypeOf(checked.greet("Ada")).resolves.toBeString();
		const one = client.remote("gpu-1.add", module.add);
		expectTypeOf(one(1, 2)).resolves.toBeNumber();
	};
	expectTypeOf(use).toBeFunction();
});

it("calls that do not fit do not compile, in any form", () => {
	const misuse = async (
		client: Client,
		remote: typeof remoteFunction,
		module: Module,
	) => {
		const node = client.node<Module>("gpu-1");
		const any = client.any<Module>({ tags: ["gpu"] });
		const add = client.remote<Module["add"]>("add");
		// @ts-expect-error a text is no number
		void node.add(1, "2");
		// @ts-expect-error one argument is missing
		void any.add(1);
		// @ts-expect-error there is one too many
		void add(1, 2, 3);
		// @ts-expect-error no such function
		void node.sub(1, 2);
		// @ts-expect-error no function at all
		void node.version();
		// @ts-expect-error what the schema asks for is a number
		void any.resize(new Uint8Array(), { width: "64" });
		// @ts-expect-error and of another name it is not that field
		void any.resize(new Uint8Array(), { height: 64 });
		// @ts-expect-error the result is a number
		const text: string = await add(1, 2);
		// @ts-expect-error a call is no value before it is awaited
		const sum: number = add(1, 2);
		// @ts-expect-error items of the stream are texts
		for await (const item of node.tokens("a")) item.toFixed();
		// @ts-expect-error a function that gives one value has no items
		add(1, 2)[Symbol.asyncIterator]();
		// @ts-expect-error arguments stay what they are with options
		void add.with({ timeout: "1s" })(1, "2");
		// @ts-expect-error no such option
		add.with({ timeuot: "1s" });
		// @ts-expect-error no such transport
		add.with({ transport: "carrier pigeon" });
		// @ts-expect-error an input is the only argument, and this function takes two
		add.map([1, 2]);
		// @ts-expect-error inputs are texts
		node.greet.map([1, 2]);
		// @ts-expect-error no such way to meet errors
		node.greet.map(["a"], { onError: "ignore" });
		// @ts-expect-error a job takes the same arguments
		void node.add.spawn("1", 2);
		// @ts-expect-error and its result is what was said
		const model: number = await client.job<string>("job_1").result();
		// @ts-expect-error functions of the default client have types too
		void remote<Module["add"]>("add")("1", 2);
		// @ts-expect-error types come with the module itself, too
		void client.any({}, module).add("1", 2);
		// @ts-expect-error and with the function
		void client.remote("add", module.add)("1", 2);
		// @ts-expect-error a text is no module
		client.node<"functions">("gpu-1");
		return [text, sum, model];
	};
	expectTypeOf(misuse).toBeFunction();
});
