import { expect, it } from "vitest";
import type { GatewaySettings } from "../config/gateway-options.js";
import { iceServersFor } from "./ice-servers.js";

const NOW_MS = 1_000_000;

function serversFor(
	ice: GatewaySettings["ice"],
	builtin: Parameters<typeof iceServersFor>[1],
	host: string | undefined,
) {
	return iceServersFor(ice, builtin, { principalId: "key_1", host }, NOW_MS);
}

const loopback = { address: "127.0.0.1", port: 3478 };

it.each([
	[loopback, "localhost:8080", "stun:127.0.0.1:3478"],
	[loopback, "app.localhost:8080", "stun:127.0.0.1:3478"],
	[loopback, undefined, "stun:127.0.0.1:3478"],
	[loopback, "x y", "stun:127.0.0.1:3478"],
	[{ address: "::1", port: 1 }, "[::1]:8080", "stun:[::1]:1"],
	[
		{ address: "0.0.0.0", port: 8080 },
		"gw.example.com",
		"stun:gw.example.com:8080",
	],
	[{ address: "0.0.0.0", port: 8080 }, "192.0.2.7:8080", "stun:192.0.2.7:8080"],
	[{ address: "0.0.0.0", port: 8080 }, "localhost:8080", "stun:127.0.0.1:8080"],
	[
		{ address: "::", port: 8080 },
		"[2001:db8::1]:8080",
		"stun:[2001:db8::1]:8080",
	],
])(
	"leads peers to the responder at %j, reached as %s",
	(builtin, host, urls) => {
		expect(serversFor({ stun: "builtin" }, builtin, host)).toEqual({
			servers: [{ urls }],
		});
	},
);

it("tells of other servers as they are configured", () => {
	const turn = {
		urls: ["turn:turn.example.com"],
		username: "u",
		credential: "c",
	};
	expect(
		serversFor({ stun: "stun:stun.example.com", turn }, undefined, "x").servers,
	).toEqual([{ urls: "stun:stun.example.com" }, turn]);
	expect(serversFor({ stun: false }, loopback, "x").servers).toEqual([]);
	expect(serversFor({ stun: "builtin" }, undefined, "x").servers).toEqual([]);
});

it("makes each peer credentials of its own for servers with a secret, to be renewed at half of their time", () => {
	const urls = "turn:turn.example.com";
	const turn = [
		{ urls, secret: "north", ttl: 60_000 },
		{ urls, secret: "south", ttl: 20_000 },
	];
	const { servers, renewAtMs } = serversFor(
		{ stun: false, turn },
		undefined,
		"x",
	);
	expect(servers).toMatchObject([
		{ urls, username: "1060:key_1" },
		{ urls, username: "1020:key_1" },
	]);
	expect(renewAtMs).toBe(NOW_MS + 10_000);
	expect(JSON.stringify(servers)).not.toMatch(/north|south/);
});
