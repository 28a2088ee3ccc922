import { memoryChannelPair } from "@easyremote/shared/channel";
import { EasyRemoteError } from "@easyremote/shared/errors";
import type { Link } from "@easyremote/shared/link";
import type { PeerSignal } from "@easyremote/shared/peer";
import type { SessionEnd } from "@easyremote/shared/session";
import { ManualClock } from "@easyremote/shared/time";
import { expect, it } from "vitest";
import { LinkDirectPath } from "./link-direct-path.js";
import { LinkRelay } from "./link-opener.js";

const offer: PeerSignal = { kind: "description", type: "offer", sdp: "v=0" };

function sessionEnd(): SessionEnd {
	return { closed: false, activeCalls: 0 } as unknown as SessionEnd;
}

/** A path whose attempts make an offer and then end as told; and what it signals. */
function signaling(opened: () => Promise<never>) {
	const sent: unknown[] = [];
	const link = {
		openRelay: () => memoryChannelPair()[0],
		send: (type: string, payload: object) => sent.push({ type, ...payload }),
	} as unknown as Link;
	const path = new LinkDirectPath(sessionEnd(), {
		link,
		clock: new ManualClock(),
		random: () => 0,
		onChange: () => undefined,
		iceTransportPolicy: "all",
		connector: {
			connect: ({ send }) => {
				send(offer);
				return {
					opened: opened(),
					ended: new Promise(() => undefined),
					signal: () => undefined,
					close: () => undefined,
				};
			},
		},
	});
	const relay = (session: number) =>
		new LinkRelay(link, session, () => undefined);
	const offers = () =>
		sent.filter((each) => JSON.stringify(each).includes("offer"));
	return { path, relay, offers };
}

it("begins its attempt anew over a reopened relay, since the signals of the former may be lost", () => {
	const { path, relay, offers } = signaling(() => new Promise(() => undefined));
	path.start(relay(1));
	path.start(relay(3));
	expect(offers()).toMatchObject([
		{ type: "signal", session: 1, attempt: 1 },
		{ type: "signal", session: 3, attempt: 2 },
	]);
	path.close();
});

it("tries again over a reopened relay what failed over the former, which may have lost the signals", async () => {
	const { path, relay, offers } = signaling(() =>
		Promise.reject(new EasyRemoteError("UNAVAILABLE", "no answer")),
	);
	const first = relay(1);
	path.start(first);
	expect(await path.status.whenOpen(1_000)).toBe(false);
	path.start(first);
	expect(offers()).toHaveLength(1);
	path.start(relay(3));
	expect(offers()).toMatchObject([
		{ session: 1, attempt: 1 },
		{ session: 3, attempt: 2 },
	]);
	path.close();
});
