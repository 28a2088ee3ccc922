import { type Deferred, deferred } from "../../async/deferred.js";
import type { Channel } from "../../channel/channel.js";
import type { IceServer, Signal } from "../../protocol/control-messages.js";
import type { PathDetails } from "../../session/session-types.js";
import type { Clock } from "../../time/clock.js";
import { systemClock } from "../../time/system-clock.js";
import { DirectUpgrade, type UpgradedSession } from "../direct-upgrade.js";
import { simplePeerConnector } from "../simple-peer-connector.js";

/** A session as far as its direct path goes: it writes down the channels it was given. */
export class FakeSession implements UpgradedSession {
	activeCalls = 0;
	closed = false;
	readonly paths: (PathDetails & { readonly channel: Channel })[] = [];
	#next: Deferred<Channel> = deferred();

	/** Resolves with the next channel that is added. */
	nextPath(): Promise<Channel> {
		return this.#next.promise;
	}

	addPath(_kind: string, channel: Channel, details?: PathDetails): void {
		this.paths.push({ channel, ...details });
		this.#next.resolve(channel);
		this.#next = deferred();
	}
}

/** Passes a signal on, changed or not at all, so that a test can be a bad network or a bad peer. */
export type Tamper = (
	signal: Signal,
	fromOpener: boolean,
) => Signal | undefined;

export interface DirectPairOptions {
	readonly tamper?: Tamper;
	readonly iceTransportPolicy?: "all" | "relay";
	readonly iceServers?: readonly IceServer[];
	readonly clock?: Clock;
	/** Another WebRTC implementation than node-datachannel. */
	readonly rtc?: object;
}

/** Both ends of a session in one process, their signals carried by microtasks in order. */
export function directPair(options: DirectPairOptions = {}) {
	const clock = options.clock ?? systemClock;
	const connector = simplePeerConnector({ rtc: options.rtc, clock });
	const tamper = options.tamper ?? ((signal) => signal);
	const end = (initiator: boolean, far: () => DirectUpgrade) => {
		const session = new FakeSession();
		const sent: Signal[] = [];
		const states: string[] = [];
		const upgrade = new DirectUpgrade({
			session,
			initiator,
			connector,
			iceServers: () => options.iceServers ?? [],
			...(options.iceTransportPolicy
				? { iceTransportPolicy: options.iceTransportPolicy }
				: {}),
			sendSignal: (attempt, signal) => {
				sent.push(signal);
				const passed = tamper(signal, initiator);
				if (passed) queueMicrotask(() => far().receive(attempt, passed));
			},
			onChange: (state) => states.push(state),
			clock,
			random: () => 0.5,
		});
		return { session, upgrade, sent, states };
	};
	const opener: ReturnType<typeof end> = end(true, () => responder.upgrade);
	const responder: ReturnType<typeof end> = end(false, () => opener.upgrade);
	const close = (): void => {
		opener.upgrade.close();
		responder.upgrade.close();
	};
	return { opener, responder, close };
}

/** Connects, sends `bytes` across, closes everything and returns; the process should then end by itself. */
export async function transferOnce(
	bytes: number,
	options: DirectPairOptions = {},
): Promise<number> {
	const { opener, responder, close } = directPair(options);
	const accepted = responder.session.nextPath();
	if (!(await opener.upgrade.whenOpen(20_000))) {
		throw new Error(opener.upgrade.reason);
	}
	const near = opener.session.paths[0]?.channel;
	const far = await accepted;
	const ended = deferred();
	let received = 0;
	far.start({
		message: (message) => {
			received += message.length;
		},
		drained: () => undefined,
		closed: () => ended.resolve(),
	});
	near?.start({
		message: () => undefined,
		drained: () => undefined,
		closed: () => undefined,
	});
	for (let sent = 0; sent < bytes; sent += 50_000) {
		near?.send(new Uint8Array(Math.min(50_000, bytes - sent)));
	}
	near?.close();
	await ended.promise;
	close();
	return received;
}
