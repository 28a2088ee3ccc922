import { afterEach, describe, expect, it } from "vitest";
import { memoryChannelPair } from "../channel/memory-channel.js";
import {
	noAttempt,
	type PathReport,
	type PathState,
} from "../peer/path-report.js";
import { PROTOCOL } from "../protocol/constants.js";
import type { Session } from "../session/session.js";
import type { DirectPath } from "./session-opener.js";
import type { DirectStatus } from "./session-source.js";
import { ScriptedNetwork } from "../testing/scripted-network.js";
import { ScriptedNode } from "../testing/scripted-node.js";

const networks: ScriptedNetwork[] = [];

afterEach(() => {
	for (const made of networks.splice(0)) expect(made.close()).toBe(0);
});

/** A direct path that a test opens or fails by hand. */
class ManualPath implements DirectPath, DirectStatus {
	readonly #session: Session;
	readonly #far: () => Session | undefined;
	readonly #waiting: ((open: boolean) => void)[] = [];
	started = 0;
	uses = 0;
	state: PathState = "connecting";
	report: PathReport = noAttempt("connecting");

	constructor(session: Session, far: () => Session | undefined) {
		this.#session = session;
		this.#far = far;
	}

	/** It reports of itself. */
	get status(): DirectStatus {
		return this;
	}

	whenOpen(timeoutMs: number): Promise<boolean> {
		return new Promise((resolve) => {
			made().clock.schedule(timeoutMs, () => resolve(false));
			this.#waiting.push(resolve);
		});
	}

	start(): void {
		this.started += 1;
	}

	open(): void {
		const [near, far] = memoryChannelPair();
		this.#session.addPath("direct", near, { candidate: "host" });
		this.#far()?.addPath("direct", far);
		this.state = "open";
		this.report = noAttempt("open");
		for (const tell of this.#waiting.splice(0)) tell(true);
	}

	fail(reason: string, fix?: string): void {
		this.state = "failed";
		this.report = { ...noAttempt("failed", reason), fix };
		for (const tell of this.#waiting.splice(0)) tell(false);
	}

	used(): void {
		this.uses += 1;
	}

	close(): void {
		this.#session.dropPath("direct");
	}
}

function made(): ScriptedNetwork {
	const [first] = networks;
	if (!first) throw new Error("no network yet");
	return first;
}

function setup(acceptsDirect = true) {
	const node = new ScriptedNode("n1").on("f", (call) =>
		call.accept().answer("ok"),
	);
	node.acceptsDirect = acceptsDirect;
	const paths: ManualPath[] = [];
	const network = new ScriptedNetwork([node], {
		direct: (session) => {
			const path = new ManualPath(session, () => node.sessions.get(session.id));
			paths.push(path);
			return path;
		},
	});
	networks.push(network);
	const call = (transport?: "auto" | "direct" | "relay", bytes = 0) =>
		network.caller.call({ function: "f" }, [new Uint8Array(bytes)], {
			transport,
		});
	return { node, paths, network, clock: network.clock, call };
}

const BULK = PROTOCOL.directThresholdBytes;

describe("transport auto", () => {
	it("sends small calls on the relay at once, and on the direct path once open", async () => {
		const { call, paths } = setup();
		const first = await call().withMeta();
		expect(first.meta.transport).toBe("relay");
		expect(paths[0]?.started).toBe(1);
		paths[0]?.open();
		const second = await call().withMeta();
		expect(second.meta).toMatchObject({
			transport: "direct",
			candidate: "host",
		});
	});

	it("tells a path that may have been given back of the calls that would take it, and of no others", async () => {
		const { call, paths } = setup();
		await call();
		const before = paths[0]?.uses ?? 0;
		await call();
		const after = paths[0]?.uses ?? 0;
		expect(after).toBeGreaterThan(before);
		await call("relay");
		expect(paths[0]?.uses).toBe(after);
	});

	it("lets bulk wait for the direct path", async () => {
		const { call, paths, clock } = setup();
		await call();
		const bulk = call("auto", BULK);
		await clock.advance(1_000);
		paths[0]?.open();
		await clock.advance(10);
		const { meta } = await bulk.withMeta();
		expect(meta.transport).toBe("direct");
		await clock.advance(PROTOCOL.directWaitMs);
	});

	it("lets bulk settle for the relay when it takes too long", async () => {
		const { call, clock, node } = setup();
		const bulk = call("auto", BULK);
		await clock.advance(PROTOCOL.directWaitMs - 1);
		expect(node.calls).toHaveLength(0);
		await clock.advance(11);
		expect((await bulk.withMeta()).meta.transport).toBe("relay");
	});

	it("does not wait at a node that takes no direct connections", async () => {
		const { call, clock } = setup(false);
		const bulk = call("auto", BULK);
		await clock.advance(10);
		expect((await bulk.withMeta()).meta.transport).toBe("relay");
	});
});

describe("a call that wanted the direct path and took the relay", () => {
	it("says that it was still being opened", async () => {
		const { call, paths } = setup();
		const first = call();
		expect((await first.withMeta()).meta.pathReason).toContain("still");
		const early = await call().withMeta();
		paths[0]?.open();
		expect((await call().withMeta()).meta).not.toHaveProperty("pathReason");
		// What was true of a call when it ended stays so.
		expect(early.meta.pathReason).toContain("still");
	});

	it("says why it failed and what would help, in one line", async () => {
		const { call, paths } = setup();
		await call();
		paths[0]?.fail("UDP looks\nblocked", "open 3478/udp to stun.test");
		const { meta } = await call().withMeta();
		expect(meta.pathReason).toBe(
			"UDP looks blocked; open 3478/udp to stun.test",
		);
	});

	it("says that the node does not take part", async () => {
		const { call, clock } = setup(false);
		await call();
		await clock.advance(10);
		const { meta } = await call().withMeta();
		expect(meta.pathReason).toBe("the node does not accept direct connections");
	});

	it("has nothing to explain where the relay was asked for", async () => {
		const { call } = setup();
		expect((await call("relay").withMeta()).meta).not.toHaveProperty(
			"pathReason",
		);
	});
});

describe("transport direct", () => {
	it("waits for the path, small or not", async () => {
		const { call, paths, clock, node } = setup();
		const small = call("direct");
		await clock.advance(2_000);
		expect(node.calls).toHaveLength(0);
		paths[0]?.open();
		await clock.advance(10);
		expect((await small.withMeta()).meta.transport).toBe("direct");
		await clock.advance(PROTOCOL.directAttemptTimeoutMs);
	});

	it("fails with the reason and never uses the relay", async () => {
		const { call, paths, clock, node } = setup();
		const small = call("direct");
		const failure = expect(small).rejects.toMatchObject({
			code: "UNAVAILABLE",
			message: expect.stringContaining("UDP looks blocked") as string,
			details: { reason: "no_direct_path" },
			hint: expect.stringContaining("open 3478/udp") as string,
		});
		await clock.advance(100);
		paths[0]?.fail("UDP looks blocked", "open 3478/udp to stun.test");
		await clock.advance(10_000);
		await failure;
		expect(node.calls).toHaveLength(0);
	});
});

describe("transport relay", () => {
	it("negotiates nothing, and stays on the relay beside an open direct path", async () => {
		const { call, paths, node } = setup();
		await call("relay");
		expect(node.opens[0]?.direct).toBe(false);
		expect(paths).toHaveLength(0);
		await call("auto");
		await made().clock.advance(10);
		paths[0]?.open();
		expect((await call("relay").withMeta()).meta.transport).toBe("relay");
		expect((await call("auto").withMeta()).meta.transport).toBe("direct");
	});
});
