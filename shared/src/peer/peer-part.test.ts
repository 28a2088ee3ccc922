import { describe, expect, it } from "vitest";
import { type PartOptions, peerPart, withLead } from "./peer-part.js";

const stun = { urls: ["stun:192.0.2.1:3478"] };
const turn = {
	urls: ["turn:192.0.2.1:3478?transport=udp", "turns:192.0.2.1:5349"],
	username: "anna",
	credential: "secret",
};
const all = [stun, turn];
const offer = (setup: string) => `v=0\r\na=setup:${setup}\r\na=mid:0\r\n`;
const part = (options: Partial<PartOptions>) =>
	peerPart({
		offer: offer("active"),
		iceServers: all,
		hides: false,
		onDatachannel: true,
		...options,
	});

describe("an end on node-datachannel that answers", () => {
	it("leaves TURN, and the first word of the handshake, to the end that calls", () => {
		expect(part({})).toEqual({ iceServers: [stun], offererLeads: true });
		const mixed = { ...turn, urls: [...stun.urls, ...turn.urls] };
		const { iceServers } = part({ iceServers: [mixed] });
		expect(iceServers).toEqual([{ ...turn, urls: stun.urls }]);
	});

	it("asks TURN servers for its address where there is nobody else to ask", () => {
		const { iceServers } = part({ iceServers: [turn] });
		expect(iceServers).toEqual([{ urls: ["stun:192.0.2.1:3478"] }]);
		expect(part({ iceServers: [] }).iceServers).toEqual([]);
		const secure = { ...turn, urls: "turns:192.0.2.1:5349" };
		expect(part({ iceServers: [secure] }).iceServers).toEqual([]);
	});

	it.each([
		["it hides", { hides: true }],
		["the end that calls hides", { offer: offer("actpass") }],
	])(
		"has a relay of its own where %s, and begins the handshake",
		(_, options) => {
			expect(part(options)).toEqual({ iceServers: all, offererLeads: false });
		},
	);
});

it("an end on node-datachannel that calls says whether it hides", () => {
	const calls = { offer: undefined, iceServers: all };
	expect(part(calls).offererLeads).toBe(true);
	expect(part({ ...calls, hides: true })).toEqual({
		iceServers: all,
		offererLeads: false,
	});
});

it.each([
	["calls", { offer: undefined, hides: true }],
	["answers", { hides: true }],
	["answers one that hides", { offer: offer("actpass") }],
])("an end in a browser that %s uses what it was given", (_what, options) => {
	expect(part({ ...options, onDatachannel: false })).toEqual({
		iceServers: all,
		offererLeads: true,
	});
});

it.each(["active", "actpass"])(
	"an offer that says %s can say either",
	(setup) => {
		expect(withLead(offer(setup), true)).toBe(offer("active"));
		expect(withLead(offer(setup), false)).toBe(offer("actpass"));
	},
);
