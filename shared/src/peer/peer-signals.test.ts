import { describe, expect, it } from "vitest";
import { ManualClock } from "../time/manual-clock.js";
import { CandidateExchange } from "./candidate-exchange.js";
import type { PeerSignal } from "./peer-connector.js";
import {
	candidateType,
	isLoopback,
	offersMedia,
	readSimplePeerSignal,
	toSimplePeerSignal,
} from "./peer-signals.js";

function candidate(address: string, type = "host") {
	return {
		kind: "candidate",
		candidate: `candidate:1 1 udp 2122 ${address} 4000 typ ${type} generation 0`,
		sdpMid: "0",
		sdpMLineIndex: 0,
	} as const;
}

describe("signals", () => {
	it("pass through simple-peer's words and back", () => {
		const signals: PeerSignal[] = [
			{ kind: "description", type: "offer", sdp: "v=0" },
			candidate("192.0.2.2"),
		];
		for (const signal of signals) {
			expect(readSimplePeerSignal(toSimplePeerSignal(signal))).toEqual(signal);
		}
	});

	it("leave candidates to their own signals", () => {
		const sdp =
			"v=0\r\na=candidate:1 1 udp 1 127.0.0.1 9 typ host\r\na=mid:0\r\n";
		expect(readSimplePeerSignal({ type: "answer", sdp })).toEqual({
			kind: "description",
			type: "answer",
			sdp: "v=0\r\na=mid:0\r\n",
		});
	});

	it.each([
		"a=candidate:1 1 udp 1 192.0.2.9 9 typ host\r\n",
		"a=candidate:1 1 udp 1 192.0.2.9 9 typ host",
		" A=candidate:1 1 udp 1 192.0.2.9 9 typ host \u2028 x\r\n",
	])(
		"keep candidates of the far end from coming in with its description: %j",
		(line) => {
			const sdp = `v=0\r\na=mid:0\r\n${line}`;
			expect(
				toSimplePeerSignal({ kind: "description", type: "offer", sdp }),
			).toEqual({ type: "offer", sdp: "v=0\r\na=mid:0\r\n" });
		},
	);

	it("have whoever makes an offer begin the DTLS handshake, or leave that open", () => {
		const offer = (setup: string) =>
			({ type: "offer", sdp: `v=0\r\na=setup:${setup}\r\n` }) as const;
		const signal = { kind: "description", ...offer("actpass") } as const;
		expect(toSimplePeerSignal(signal)).toEqual(offer("active"));
		expect(toSimplePeerSignal(signal, false)).toEqual(offer("actpass"));
		expect(readSimplePeerSignal(offer("actpass"))).toMatchObject(
			offer("active"),
		);
		expect(readSimplePeerSignal(offer("actpass"), false)).toEqual(signal);
		const answer = {
			type: "answer",
			sdp: "v=0\r\na=setup:active\r\n",
		} as const;
		expect(
			toSimplePeerSignal({ kind: "description", ...answer }, false),
		).toEqual(answer);
	});

	it.each([
		[{ type: "renegotiate", renegotiate: true }],
		[{ type: "candidate", candidate: { candidate: "" } }],
		[undefined],
		["offer"],
	])("leave out %j", (data) => {
		expect(readSimplePeerSignal(data)).toBeUndefined();
	});

	it("tell candidates and descriptions apart", () => {
		expect(candidateType(candidate("1.2.3.4", "srflx").candidate)).toBe(
			"srflx",
		);
		expect(candidateType("nonsense")).toBe("unknown");
		expect(isLoopback(candidate("127.0.0.1").candidate)).toBe(true);
		expect(isLoopback(candidate("::1").candidate)).toBe(true);
		expect(isLoopback(candidate("192.0.2.127").candidate)).toBe(false);
		const data = "v=0\r\nm=application 9 UDP/DTLS/SCTP webrtc-datachannel\r\n";
		expect(offersMedia(data)).toBe(false);
		expect(offersMedia(`${data}m=video 9 UDP/TLS/RTP/SAVPF 96\r\n`)).toBe(true);
	});
});

describe("CandidateExchange", () => {
	function exchange() {
		const clock = new ManualClock();
		const sent: PeerSignal[] = [];
		const candidates = new CandidateExchange(clock, (signal) =>
			sent.push(signal),
		);
		return { clock, sent, candidates };
	}

	it("leaves loopback out where there are others", async () => {
		const { clock, sent, candidates } = exchange();
		candidates.found(candidate("127.0.0.1"));
		candidates.found(candidate("192.0.2.2"));
		candidates.found(candidate("::1"));
		await clock.advance(1000);
		expect(sent).toEqual([candidate("192.0.2.2")]);
		expect(candidates.local).toEqual({ host: 3 });
		expect(candidates.publicHost).toBe(true);
		expect(clock.pending).toBe(0);
	});

	it("offers loopback where there is nothing else", async () => {
		const { clock, sent, candidates } = exchange();
		candidates.found(candidate("127.0.0.1"));
		candidates.found(candidate("::1"));
		expect(sent).toEqual([]);
		await clock.advance(300);
		candidates.found(candidate("127.0.0.2"));
		expect(sent).toHaveLength(3);
	});

	it("looks at no more than 64 candidates of the far end", () => {
		const { candidates } = exchange();
		const taken = Array.from({ length: 100 }, (_, index) =>
			candidates.offered(candidate(`192.0.2.${index}`)),
		);
		expect(taken.filter(Boolean)).toHaveLength(64);
	});
});
