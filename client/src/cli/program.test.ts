import { EasyRemoteError } from "@easyremote/shared/errors";
import { ScriptedGateway, ScriptedNode } from "@easyremote/shared/testing";
import { ManualClock, systemClock } from "@easyremote/shared/time";
import { describe, expect, it } from "vitest";
import { Client } from "../client.js";
import { type ClientOptions, readClientOptions } from "../client-options.js";
import { run } from "./program.js";
import type { Sink } from "./surroundings.js";

class Captured implements Sink {
	readonly isTerminal: boolean;
	readonly chunks: Uint8Array[] = [];

	constructor(isTerminal = false) {
		this.isTerminal = isTerminal;
	}

	write(chunk: string | Uint8Array): Promise<void> {
		this.chunks.push(Buffer.from(chunk));
		return Promise.resolve();
	}

	get bytes(): Buffer {
		return Buffer.concat(this.chunks);
	}

	get text(): string {
		return this.bytes.toString();
	}
}

function node(clock: ManualClock): ScriptedNode {
	return new ScriptedNode("n1")
		.on("echo", (call) => call.accept().answer(call.args[0]))
		.on(
			"add",
			(call) => {
				const [a, b] = call.args as [number, number];
				call.accept().answer(a + b);
			},
			{ description: "Adds\u001b[31m two numbers", idempotent: true },
		)
		.on("count", (call) => {
			call.accept(true);
			for (let n = 0; n < Number(call.args[0]); n += 1) call.item({ n });
			call.answer();
		})
		.on("wait", (call) => call.accept())
		.on("work", (call) => {
			call.accept().end.send({ type: "progress", fraction: 0.5 });
			void clock.advance(1_000).then(() => call.answer("done"));
		})
		.on("nothing", (call) => call.accept().answer(undefined));
}

async function easyremote(
	line: readonly string[],
	options: {
		readonly refusal?: EasyRemoteError;
		readonly down?: boolean;
		readonly input?: Uint8Array;
		readonly environment?: Record<string, string>;
		readonly interrupt?: AbortController;
		/** Which of the outputs are terminals. */
		readonly terminals?: { readonly out?: boolean; readonly err?: boolean };
		readonly connected?: (options: ClientOptions) => void;
	} = {},
) {
	const out = new Captured(options.terminals?.out);
	const err = new Captured(options.terminals?.err);
	const clock = new ManualClock();
	const gateway = new ScriptedGateway([node(clock)], systemClock);
	gateway.refusal = options.refusal;
	gateway.down = options.down ?? false;
	const code = await run(
		line,
		{
			out,
			err,
			environment: options.environment ?? {},
			readInput: () => Promise.resolve(options.input ?? new Uint8Array()),
			readFile: (path) =>
				path === "data.bin"
					? Promise.resolve(Uint8Array.of(1, 2, 255))
					: Promise.reject(new Error("no such file")),
			clock,
			interrupted: (options.interrupt ?? new AbortController()).signal,
		},
		(given) => {
			options.connected?.(given);
			return new Client(
				readClientOptions({ ...given, rtc: false, retries: 0 }),
				{
					clock: systemClock,
					random: () => 0.5,
					platform: {
						agent: "test",
						openSocket: gateway.openSocket,
						holdOpen: () => () => undefined,
						watchNetwork: () => () => undefined,
						environment: () => undefined,
					},
				},
			);
		},
	);
	expect(clock.pending).toBe(0);
	return { code, out: out.text, bytes: out.bytes, err: err.text };
}

describe("easyremote call", () => {
	it("prints the result, and nothing else on standard output", async () => {
		expect(await easyremote(["call", "n1.add", "1", "2"])).toMatchObject({
			code: 0,
			out: "3\n",
			err: "",
		});
		expect(await easyremote(["call", "add", "-1", "2"])).toMatchObject({
			code: 0,
			out: "1\n",
		});
	});

	it("prints text as it is, or as JSON", async () => {
		const line = ["call", "echo", '"hello"'];
		expect((await easyremote(line)).out).toBe("hello\n");
		expect((await easyremote([...line, "--json"])).out).toBe('"hello"\n');
		expect((await easyremote(["call", "nothing"])).out).toBe("");
		expect((await easyremote(["call", "nothing", "--json"])).out).toBe(
			"null\n",
		);
	});

	it("sends bytes of files and of standard input, and prints bytes as they are", async () => {
		const file = await easyremote(["call", "echo", "@data.bin"]);
		expect([...file.bytes]).toEqual([1, 2, 255]);
		const input = await easyremote(["call", "echo", "-"], {
			input: Uint8Array.of(0, 254),
		});
		expect([...input.bytes]).toEqual([0, 254]);
		const json = await easyremote(["call", "echo", "@data.bin", "--json"]);
		expect(json.out).toBe('{"$bytes":"AQL/"}\n');
	});

	it("prints a stream as a list, or item by item", async () => {
		const whole = await easyremote(["call", "count", "2", "--json"]);
		expect(whole.out).toBe('[{"n":0},{"n":1}]\n');
		const items = await easyremote([
			"call",
			"count",
			"2",
			"--stream",
			"--json",
		]);
		expect(items.out).toBe('{"n":0}\n{"n":1}\n');
	});

	it("shows how far a long call is on a terminal, and takes that away again", async () => {
		const terminals = { out: true, err: true };
		const { out, err } = await easyremote(["call", "work"], { terminals });
		expect(out).toBe("done\n");
		expect(err).toMatch(/^\r\u001b\[Krunning .*█.* 50 %/);
		expect(err).toContain("\u001b[32m");
		expect(err.endsWith("\r\u001b[K")).toBe(true);
		const environment = { NO_COLOR: "1" };
		const plain = await easyremote(["call", "work"], {
			terminals,
			environment,
		});
		expect(plain.err).toMatch(/50 %/);
		expect(plain.err).not.toContain("\u001b[32m");
	});

	it.each([
		["where standard error is no terminal", [], { out: true }, {}],
		["with JSON", ["--json"], { err: true }, {}],
		["on a terminal without a cursor", [], { err: true }, { TERM: "dumb" }],
		[
			"among items on the same terminal",
			["--stream"],
			{ out: true, err: true },
			{},
		],
	])("shows no progress %s", async (_where, flags, terminals, environment) => {
		const line = ["call", "work", ...flags];
		const { code, err } = await easyremote(line, { terminals, environment });
		expect({ code, err }).toEqual({ code: 0, err: "" });
	});

	it("tells of the way on standard error when asked", async () => {
		const { err } = await easyremote(["call", "add", "1", "2", "--verbose"]);
		expect(err).toMatch(/^n1 · relay .* B sent/);
	});

	it.each([
		[["call", "echo", "hello"], /argument 1 is not JSON[^]*'"hello"'/],
		[["call", "echo", "@gone"], /cannot read gone/],
		[["call", "echo", "-", "-"], /one argument only/],
		[["call", "a.b.c"], /not a reference to a function/],
		[["call", "echo", "1", "--timeout", "soon"], /not a duration/],
		[["call"], /missing required argument/],
		[["cal"], /unknown command/],
		[["call", "echo", "--transport", "pigeon"], /Allowed choices/],
	])("refuses %j as misuse", async (line, message) => {
		const { code, out, err } = await easyremote(line);
		expect(err).toMatch(message);
		expect(out).toBe("");
		expect(code).toBe(2);
	});

	it("answers with the exit code of the failure", async () => {
		const line = ["call", "n1.add", "1", "2"];
		expect((await easyremote(["call", "nowhere"])).code).toBe(1);
		expect((await easyremote(line, { down: true })).code).toBe(3);
		const refusal = new EasyRemoteError("UNAUTHENTICATED", "bad key");
		const denied = await easyremote([...line, "--json"], { refusal });
		expect(denied.code).toBe(4);
		expect(JSON.parse(denied.err)).toMatchObject({
			event: "error",
			error: { code: "UNAUTHENTICATED" },
		});
	});

	it("cancels the call when interrupted", async () => {
		const interrupt = new AbortController();
		const running = easyremote(["call", "wait"], {
			interrupt,
			connected: () => {
				setImmediate(() => interrupt.abort());
			},
		});
		expect((await running).code).toBe(130);
	});

	it("takes gateway and key from flags, then the environment, then the default", async () => {
		const seen: ClientOptions[] = [];
		const connected = (options: ClientOptions) => seen.push(options);
		const environment = {
			EASYREMOTE_GATEWAY: "http://env.test",
			EASYREMOTE_KEY: "k1",
		};
		await easyremote(["nodes"], { connected });
		await easyremote(["nodes"], { connected, environment });
		const flags = ["--gateway", "http://flag.test", "--key", "k2"];
		await easyremote(["nodes", ...flags], { connected, environment });
		expect(seen).toEqual([
			{ gateway: "http://127.0.0.1:8080" },
			{ gateway: "http://env.test", key: "k1" },
			{ gateway: "http://flag.test", key: "k2" },
		]);
	});
});

describe("easyremote functions and nodes", () => {
	it("are tables without control characters", async () => {
		const { out } = await easyremote(["functions"]);
		expect(out).toMatch(/^FUNCTION +NODES +KIND +DESCRIPTION\nadd +n1 +value/);
		expect(out).not.toContain("\u001b");
		expect((await easyremote(["nodes"])).out).toMatch(/\nn1 +compute +online/);
	});

	it("are JSON, one thing a line", async () => {
		const { out } = await easyremote(["functions", "--json"]);
		const names = out
			.trim()
			.split("\n")
			.map((line) => (JSON.parse(line) as { name: string }).name);
		expect(names).toEqual(["add", "count", "echo", "nothing", "wait", "work"]);
		const nodes = await easyremote(["nodes", "--json"]);
		expect(JSON.parse(nodes.out)).toMatchObject({ id: "n1" });
	});
});
