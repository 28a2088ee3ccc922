import { expect, it } from "vitest";
import { TrustedProxies } from "../auth/trusted-proxies.js";
import { upgradeAuthContext } from "./request-context.js";

const proxies = new TrustedProxies(["127.0.0.1", "10.0.0.0/8"]);

function context(remoteAddress: string, headers: Record<string, string> = {}) {
	return upgradeAuthContext(
		{
			headers: { host: "gw.example.com", ...headers },
			socket: { remoteAddress },
		},
		proxies,
	);
}

it("takes a trusted proxy's word for who asks", () => {
	const headers = {
		"x-forwarded-for": "127.0.0.1, 203.0.113.5",
		"x-forwarded-proto": "https",
	};
	for (const peer of ["127.0.0.1", "::ffff:10.1.2.3"])
		expect(context(peer, headers)).toEqual({
			address: "203.0.113.5",
			secure: true,
			host: "gw.example.com",
			forwarded: false,
		});
});

it("takes nobody else's", () => {
	const spoofed = {
		"x-forwarded-for": "127.0.0.1",
		"x-forwarded-proto": "https",
	};
	expect(context("203.0.113.5", spoofed)).toMatchObject({
		address: "203.0.113.5",
		secure: false,
		forwarded: true,
	});
	expect(context("203.0.113.5")).toMatchObject({
		address: "203.0.113.5",
		forwarded: false,
	});
});

it.each([{}, { "x-forwarded-for": "unknown" }, { forwarded: "for=127.0.0.1" }])(
	"does not take a proxy that does not say for whom it asks for this machine: %j",
	(headers) => {
		expect(context("127.0.0.1", headers)).toMatchObject({ forwarded: true });
	},
);
