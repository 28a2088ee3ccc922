import { ManualClock } from "@easyremote/shared/time";
import pino from "pino";
import { afterEach, beforeEach, expect, it } from "vitest";
import type { Principal } from "../auth/principal.js";
import { DEFAULT_LIMITS } from "../config/gateway-limits.js";
import { newTraffic } from "../observe/traffic.js";
import { MemoryRegistry } from "../registry/memory-registry.js";
import { Relay } from "../relay/relay.js";
import { RouteBoard } from "../routing/route-board.js";
import { createMemoryStore } from "../store/memory-store.js";
import { LocalCallers } from "./local-callers.js";

let clock: ManualClock;
let registry: MemoryRegistry;
let board: RouteBoard;
let callers: LocalCallers;

beforeEach(() => {
	clock = new ManualClock();
	const log = pino({ level: "silent" });
	const { identities } = createMemoryStore();
	registry = new MemoryRegistry({ identities, clock });
	board = new RouteBoard({ registry, strategy: "round_robin", clock, log });
	const relay = new Relay({
		...{ registry, traffic: newTraffic(), clock, log },
		limits: DEFAULT_LIMITS,
	});
	const observe = () => ({ began: () => ({ settled: () => undefined }) });
	callers = new LocalCallers({ board, relay, clock, observe });
});

afterEach(() => {
	callers.close();
	board.close();
	registry.close();
	expect(clock.pending).toBe(0);
});

function anna(grants: readonly string[], expiresAt?: number): Principal {
	const principal = { id: "jwt:anna", subject: "anna", anonymous: false };
	return { ...principal, grants: [...grants], expiresAt };
}

it("are kept for a principal, but not for other grants of it", () => {
	const caller = callers.for(anna(["call:*"]));
	expect(callers.for(anna(["call:*"]))).toBe(caller);
	expect(callers.for(anna(["call:add"]))).not.toBe(caller);
});

it("go with the token, unless there is a newer one", async () => {
	const now = clock.now();
	const caller = callers.for(anna(["call:*"], now + 20_000));
	await clock.advance(10_000);
	callers.for(anna(["call:*"], now + 40_000));
	await clock.advance(20_000);
	expect(callers.for(anna(["call:*"], now + 40_000))).toBe(caller);
	await clock.advance(20_000);
	expect(callers.for(anna(["call:*"], now + 90_000))).not.toBe(caller);
});

it("are forgotten when nobody uses them, or the credential is void", async () => {
	const principal = anna(["call:*"]);
	const caller = callers.for(principal);
	await clock.advance(50_000);
	expect(callers.for(principal)).toBe(caller);
	await clock.advance(70_000);
	const second = callers.for(principal);
	expect(second).not.toBe(caller);
	callers.drop(["jwt:anna"]);
	expect(callers.for(principal)).not.toBe(second);
});
