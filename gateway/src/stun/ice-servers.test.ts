import { expect, it } from "vitest";
import { iceServersFor } from "./ice-servers.js";

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
		expect(iceServersFor({ stun: "builtin" }, builtin, host)).toEqual([
			{ urls },
		]);
	},
);

it("tells of other servers as they are configured", () => {
	const turn = {
		urls: ["turn:turn.example.com"],
		username: "u",
		credential: "c",
	};
	expect(
		iceServersFor({ stun: "stun:stun.example.com", turn }, undefined, "x"),
	).toEqual([{ urls: "stun:stun.example.com" }, turn]);
	expect(iceServersFor({ stun: false }, loopback, "x")).toEqual([]);
	expect(iceServersFor({ stun: "builtin" }, undefined, "x")).toEqual([]);
});
