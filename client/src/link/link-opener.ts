import type {
	OpenedRelay,
	OpenRequest,
	RelayAnswer,
	SessionOpener,
} from "@easyremote/shared/caller";
import { type Deferred, deferred } from "@easyremote/shared/async";
import type { Channel } from "@easyremote/shared/channel";
import { EasyRemoteError, fromWireError } from "@easyremote/shared/errors";
import type { Link } from "@easyremote/shared/link";
import {
	type ControlMessage,
	type ControlPayload,
	isPathLoss,
	type Signal,
} from "@easyremote/shared/protocol";
import type { Clock } from "@easyremote/shared/time";
import { reachGateway } from "./reach-gateway.js";

/** Takes a signal of the far end. */
export type SignalListener = (attempt: number, signal: Signal) => void;

/** A relay opened over a link, which also carries the signals of its session. */
export class LinkRelay implements OpenedRelay {
	readonly channel: Channel;
	readonly answer: Promise<RelayAnswer>;
	onSignal: SignalListener | undefined;
	readonly #link: Link;
	readonly #session: number;
	readonly #answered: Deferred<RelayAnswer> = deferred();
	readonly #forget: () => void;
	#over = false;

	constructor(link: Link, session: number, forget: () => void) {
		this.#link = link;
		this.#session = session;
		this.#forget = forget;
		this.channel = link.openRelay(session);
		this.answer = this.#answered.promise;
	}

	sendSignal(attempt: number, signal: Signal): void {
		if (this.#over) return;
		this.#link.send("signal", { session: this.#session, attempt, signal });
	}

	close(): void {
		if (this.#over) return;
		this.#link.send("session_close", { session: this.#session });
		this.#end({ kind: "lost" });
		this.channel.close();
	}

	opened(direct: boolean): void {
		this.#answered.resolve({ kind: "taken", direct });
	}

	/** The far side, or the gateway, has ended it. */
	closedByGateway(error: ControlPayload<"session_close">["error"]): void {
		const reason = error ? fromWireError(error) : endedUnanswered();
		// The node may have had the session, and calls with it, before its socket was lost.
		const lost = isPathLoss(reason);
		this.#end(lost ? { kind: "lost" } : { kind: "refused", error: reason });
	}

	/** The connection to the gateway is gone. */
	lost(): void {
		this.#end({ kind: "lost" });
	}

	#end(answer: RelayAnswer): void {
		if (this.#over) return;
		this.#over = true;
		// Without effect where the node has answered before.
		this.#answered.resolve(answer);
		this.#forget();
	}
}

/** Opens sessions over a link. */
export class LinkOpener implements SessionOpener {
	readonly direct?: NonNullable<SessionOpener["direct"]>;
	readonly #link: Link;
	readonly #clock: Clock;
	readonly #relays = new Map<number, LinkRelay>();
	readonly #stop: () => void;

	/** @param direct makes the direct side of a session; absent where none is wanted */
	constructor(link: Link, clock: Clock, direct: SessionOpener["direct"]) {
		this.#link = link;
		this.#clock = clock;
		if (direct) this.direct = direct;
		this.#stop = link.listen({
			state: (state) => {
				if (state !== "online") this.#loseAll();
			},
			control: (message) => this.#take(message),
		});
	}

	get restarting(): boolean {
		return this.#link.restarting;
	}

	async open(request: OpenRequest, signal: AbortSignal): Promise<OpenedRelay> {
		await reachGateway(this.#link, this.#clock, signal);
		const session = this.#link.nextSession();
		const relay = new LinkRelay(this.#link, session, () => {
			this.#relays.delete(session);
		});
		this.#relays.set(session, relay);
		this.#link.send("session_open", { session, ...request });
		return relay;
	}

	close(): void {
		this.#stop();
		this.#loseAll();
	}

	#loseAll(): void {
		for (const relay of [...this.#relays.values()]) relay.lost();
	}

	#take(message: ControlMessage): void {
		switch (message.type) {
			case "session_opened":
				this.#relays
					.get(message.payload.session)
					?.opened(message.payload.direct);
				return;
			case "session_close":
				this.#relays
					.get(message.payload.session)
					?.closedByGateway(message.payload.error);
				return;
			case "signal": {
				const { session, attempt, signal } = message.payload;
				this.#relays.get(session)?.onSignal?.(attempt, signal);
				return;
			}
			default:
		}
	}
}

function endedUnanswered(): EasyRemoteError {
	return new EasyRemoteError(
		"UNAVAILABLE",
		"the node ended the session without taking it",
	);
}
