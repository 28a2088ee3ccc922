import { expect, it } from "vitest";
import { IceServerWatch } from "./ice-server-watch.js";

function setup() {
	const source = new EventTarget();
	const watch = new IceServerWatch(source);
	const say = (type: string, fields: object) =>
		source.dispatchEvent(Object.assign(new Event(type), fields));
	return { watch, say };
}

it("takes the server of a candidate from wherever an implementation puts it", () => {
	const { watch, say } = setup();
	say("icecandidate", { candidate: { url: "stun:a" } });
	say("icecandidate", { candidate: { url: null }, url: "turn:b" });
	say("icecandidate", { candidate: { url: "stun:a" } });
	expect(watch.sources).toEqual(["stun:a", "turn:b"]);
});

it("makes nothing of candidates without a server, and of what is no such event", () => {
	const { watch, say } = setup();
	say("icecandidate", { candidate: null });
	say("icecandidate", { candidate: { url: "" } });
	say("icecandidate", { url: 5 });
	say("icecandidateerror", { url: "stun:a" });
	expect([watch.sources, watch.errors]).toEqual([[], []]);
});

it("keeps errors, of which there may be many, up to a limit", () => {
	const { watch, say } = setup();
	say("icecandidateerror", { url: "turn:b", errorCode: 401 });
	for (let index = 0; index < 100; index += 1)
		say("icecandidateerror", {
			url: "stun:a",
			errorCode: 701,
			errorText: "timed out",
		});
	expect(watch.errors).toHaveLength(64);
	expect(watch.errors.slice(0, 2)).toEqual([
		{ url: "turn:b", code: 401, text: "" },
		{ url: "stun:a", code: 701, text: "timed out" },
	]);
});
