// The set-ups of gateway/deploy with the proxies they are for.
import { once } from "node:events";
import { Agent, request } from "node:https";
import type { IncomingMessage } from "node:http";
import { createNode } from "@easyremote/node-runtime";
import pino from "pino";
import { afterEach, describe, expect, it } from "vitest";
import { Authority, GATEWAY } from "../support/certificates.js";
import { gate as createGate } from "../support/gate.js";
import { httpsJson } from "../support/https.js";
import { EAGER, Network } from "../support/network.js";
import {
	missingProxy,
	type ProxyName,
	TlsProxy,
} from "../support/tls-proxy.js";

let network: Network;
let logged: string;
afterEach(() => network.close());

/** A gateway, the proxy before it, and a node that comes in through the proxy. */
async function start(name: ProxyName, trustedProxies: string[]) {
	logged = "";
	network = await Network.start({
		trustedProxies,
		logger: pino({}, { write: (line: string) => void (logged += line) }),
	});
	const authority = await Authority.create();
	const certificate = await authority.issue(GATEWAY);
	const proxy = await TlsProxy.start(name, network.gateway.port, certificate);
	network.own(proxy);
	return { proxy, ca: authority.cert };
}

describe.each<ProxyName>(["caddy", "nginx"])("%s", (name) => {
	const missing = missingProxy(name);
	if (missing !== undefined)
		process.stderr.write(`its set-up is not tried: ${missing}\n`);

	it.skipIf(missing !== undefined)(
		"brings calls, streams as they come, and nodes, which a reload does not lose",
		async () => {
			const { proxy, ca } = await start(name, ["127.0.0.1"]);
			const gate = createGate();
			const node = createNode({
				gateway: proxy.url,
				id: "gpu-1",
				tls: { ca },
				...EAGER,
			});
			network.own(node);
			node.register("add", (a: number, b: number) => a + b);
			node.register("length", (bytes: Uint8Array) => bytes.byteLength);
			node.register("two", async function* two() {
				yield 1;
				await gate.opened;
				yield 2;
			});
			await node.serve();

			const call = () =>
				httpsJson(`${proxy.url}/api/gpu-1.add`, {
					ca,
					method: "POST",
					body: { args: [20, 22] },
				});
			expect(await call()).toMatchObject({ status: 200, json: { result: 42 } });

			const stream = request(`${proxy.url}/api/gpu-1.two`, {
				ca,
				method: "POST",
				headers: { accept: "application/x-ndjson" },
			});
			stream.end();
			const [answer] = (await once(stream, "response")) as [IncomingMessage];
			answer.setEncoding("utf8");
			const [first] = (await once(answer, "data")) as [string];
			expect(first).toBe("1\n");
			gate.open(undefined);
			const [second] = (await once(answer, "data")) as [string];
			expect(second).toBe("2\n");

			const upload = request(`${proxy.url}/api/gpu-1.length`, {
				ca,
				method: "POST",
				headers: { "content-type": "application/octet-stream" },
			});
			upload.end(new Uint8Array(8 * 1024 * 1024));
			const [sized] = (await once(upload, "response")) as [IncomingMessage];
			expect(sized.statusCode).toBe(200);
			sized.resume();

			proxy.reload();
			// Where the reload ends WebSockets, the node is on its way back.
			await expect.poll(async () => (await call()).status).toBe(200);
		},
	);

	it.skipIf(missing !== undefined)(
		"says who asks, whatever they say of themselves",
		async () => {
			const { proxy, ca } = await start(name, ["127.0.0.1"]);
			// Another machine, as far as one can be had here.
			const agent = new Agent({ localAddress: "127.0.0.2" });
			const headers = {
				authorization: "Bearer nonsense",
				"x-forwarded-for": "203.0.113.5",
			};
			const ask = { ca, agent, headers };
			expect(await httpsJson(`${proxy.url}/api`, ask)).toMatchObject({
				status: 401,
			});
			expect(logged).toContain('"address":"127.0.0.2"');
			expect(logged).not.toContain("203.0.113.5");
		},
	);
});
