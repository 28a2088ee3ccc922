import { memoryChannelPair } from "@easyremote/shared/channel";
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

it("begins its attempt anew over a reopened relay, since the signals of the former may be lost", () => {
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
					opened: new Promise(() => undefined),
					signal: () => undefined,
					close: () => undefined,
				};
			},
		},
	});
	path.start(new LinkRelay(link, 1, () => undefined));
	path.start(new LinkRelay(link, 3, () => undefined));
	const offers = sent.filter((each) => JSON.stringify(each).includes("offer"));
	expect(offers).toMatchObject([
		{ type: "signal", session: 1, attempt: 1 },
		{ type: "signal", session: 3, attempt: 2 },
	]);
	path.close();
});
