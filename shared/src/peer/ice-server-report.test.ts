import { describe, expect, it } from "vitest";
import {
	iceServerAddress,
	judgeServers,
	type ServerSigns,
} from "./ice-server-report.js";

const STUN = "stun:stun.example.com";
const TURN = "turn:turn.example.com:3479?transport=udp";

const nothing: ServerSigns = {
	local: { host: 1 },
	sources: [],
	errors: [],
	stunShows: true,
};

function answers(
	urls: readonly string[],
	signs: Partial<ServerSigns>,
): (boolean | undefined)[] {
	return judgeServers([{ urls: [...urls] }], { ...nothing, ...signs }).map(
		({ answered }) => answered,
	);
}

describe("judgeServers", () => {
	it.each<[string, string[], Partial<ServerSigns>, (boolean | undefined)[]]>([
		["nothing came of it", [STUN], {}, [false]],
		["an address came of it", [STUN], { local: { srflx: 1 } }, [true]],
		[
			"any of two may have given the address",
			[STUN, TURN],
			{ local: { srflx: 1 } },
			[undefined, false],
		],
		[
			"only TURN gives relayed addresses",
			[STUN, TURN],
			{ local: { relay: 1, srflx: 1 } },
			[undefined, true],
		],
		[
			"the implementation names its source, port written out",
			[STUN, TURN],
			{ local: { srflx: 1 }, sources: ["stun:stun.example.com:3478"] },
			[true, false],
		],
		[
			"behind no NAT STUN has no news",
			[STUN, TURN],
			{ stunShows: false },
			[undefined, false],
		],
		[
			"a refusal is an answer, silence is none",
			[STUN, TURN],
			{
				errors: [
					{
						url: "turn:turn.example.com:3479",
						code: 401,
						text: "Unauthorized",
					},
					{ url: STUN, code: 701, text: "timed out" },
				],
			},
			[false, true],
		],
	])("%s", (_what, urls, signs, expected) => {
		expect(answers(urls, signs)).toEqual(expected);
	});

	it("repeats what the implementation says, cut short", () => {
		const [report] = judgeServers([{ urls: STUN }], {
			...nothing,
			errors: [{ url: STUN, code: 701, text: "x".repeat(1_000) }],
		});
		expect(report?.error).toMatch(/^701 x+$/);
		expect(report?.error?.length).toBe(200);
	});

	it("tells of sixteen servers at most", () => {
		const urls = Array.from({ length: 20 }, (_, index) => `stun:s${index}`);
		expect(answers(urls, {})).toHaveLength(16);
	});
});

describe("iceServerAddress", () => {
	it.each([
		["stun:h", { host: "h", port: 3478, udp: true }],
		["stuns:h", { host: "h", port: 5349, udp: false }],
		["turn:h:80?transport=tcp", { host: "h", port: 80, udp: false }],
		["turn:h:80?transport=udp", { host: "h", port: 80, udp: true }],
		["stun:[2001:db8::1]:1", { host: "2001:db8::1", port: 1, udp: true }],
		["http://h", undefined],
		["stun:", undefined],
	])("reads %s", (url, expected) => {
		expect(iceServerAddress(url)).toEqual(expected);
	});
});
