import { afterEach, expect, it } from "vitest";
import { once } from "node:events";
import pino from "pino";
import { WebSocket } from "ws";
import { Network } from "../support/network.js";

let network: Network;
let logged: string;

afterEach(() => network.close());

/** A gateway in development mode, before which this machine is a proxy, or not. */
async function start(trustedProxies: string[]): Promise<void> {
	logged = "";
	network = await Network.start({
		trustedProxies,
		logger: pino({}, { write: (line: string) => void (logged += line) }),
	});
}

async function status(headers: Record<string, string>): Promise<number> {
	return (await fetch(`${network.url}/api`, { headers })).status;
}

it("a trusted proxy says who is on this machine, whose attempts count, and who is in the log", async () => {
	await start(["127.0.0.1"]);
	const local = { "x-forwarded-for": "127.0.0.1" };
	const remote = { "x-forwarded-for": "203.0.113.5" };
	expect(await status(local)).toBe(200);
	expect(await status(remote)).toBe(401);
	// What the caller wrote itself stands before what the proxy adds.
	expect(await status({ "x-forwarded-for": "127.0.0.1, 203.0.113.5" })).toBe(
		401,
	);
	expect(await status({})).toBe(401);
	const bad = { authorization: "Bearer nonsense" };
	const statuses = new Set<number>();
	for (let attempt = 0; attempt < 40; attempt += 1)
		statuses.add(await status({ ...remote, ...bad }));
	expect([...statuses]).toEqual([401, 429]);
	expect(await status({ "x-forwarded-for": "203.0.113.6", ...bad })).toBe(401);
	expect(logged).toContain('"address":"203.0.113.5"');
});

it("a proxy nobody trusts brings strangers, whatever it says", async () => {
	await start([]);
	expect(await status({})).toBe(200);
	expect(await status({ "x-forwarded-for": "127.0.0.1" })).toBe(401);
	expect(await status({ forwarded: "for=127.0.0.1" })).toBe(401);
});

it("pages that came in clear do not use a gateway behind https", async () => {
	await start(["127.0.0.1"]);
	const origin = "http://gw.example.com";
	const headers = { host: "gw.example.com", "x-forwarded-for": "203.0.113.5" };
	const dial = async (proto: string) => {
		const socket = new WebSocket(
			`${network.url.replace("http", "ws")}/clients`,
			{ origin, headers: { ...headers, "x-forwarded-proto": proto } },
		);
		const opened = once(socket, "open").then(() => "open");
		const refused = once(socket, "unexpected-response").then(() => "refused");
		socket.on("error", () => undefined);
		const outcome = await Promise.race([opened, refused]);
		socket.terminate();
		return outcome;
	};
	expect(await dial("http")).toBe("open");
	expect(await dial("https")).toBe("refused");
});
