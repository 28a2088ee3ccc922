import { memoryChannelPair } from "../../channel/memory-channel.js";
import type { EncodedValue } from "../../codec/encoded-value.js";
import type { EasyRemoteError } from "../../errors/easyremote-error.js";
import type { CallMessage } from "../../protocol/call-messages.js";
import { ManualClock } from "../../time/manual-clock.js";
import type { CallEnd, CallEvents } from "../call-end.js";
import { Session } from "../session.js";

/** One end of a call that writes down what it hears. */
export class Listener implements CallEvents {
	readonly heard: CallMessage[] = [];
	readonly values: (EncodedValue | undefined)[] = [];
	readonly releases: (() => void)[] = [];
	drains = 0;
	over = false;
	error: EasyRemoteError | undefined;
	onMessage: ((header: CallMessage) => void) | undefined;
	onEnded: (() => void) | undefined;
	keep = false;

	message(
		header: CallMessage,
		value: EncodedValue | undefined,
		release: () => void,
	): void {
		this.heard.push(header);
		this.values.push(value);
		if (this.keep) this.releases.push(release);
		else release();
		this.onMessage?.(header);
	}
	ended(): void {
		this.over = true;
		this.onEnded?.();
	}
	drained(): void {
		this.drains += 1;
	}
	failed(error: EasyRemoteError): void {
		this.error = error;
	}
}

export interface Served {
	readonly call: CallEnd;
	readonly listener: Listener;
}

export function bytesValue(body: Uint8Array): EncodedValue {
	return { format: "bytes", body, attachments: [] };
}

export function pattern(length: number, seed = 0): Uint8Array {
	return Uint8Array.from(
		{ length },
		(_, index) => (index * 31 + (index >> 8) + seed) & 255,
	);
}

export function request(name: string) {
	return {
		type: "function_call",
		id: `call_${name}`,
		function: name,
		attempt: 1,
	} as const;
}

/** Two ends, whose node answers what `serve` makes it answer. */
export function sessions(serve?: (served: Served) => void) {
	const clock = new ManualClock();
	const served: Served[] = [];
	const log: string[] = [];
	const caller = new Session({
		id: "s",
		opener: true,
		strandedTimeoutMs: 1_500,
		clock,
		events: {
			stranded: () => log.push("stranded"),
			closed: (error) => log.push(`closed ${error?.code ?? ""}`),
		},
	});
	const node = new Session({
		id: "s",
		opener: false,
		strandedTimeoutMs: 30_000,
		clock,
		accept: (call) => {
			const one = { call, listener: new Listener() };
			served.push(one);
			serve?.(one);
			return one.listener;
		},
	});
	const connect = (
		kind: "relay" | "direct",
		options?: { latencyMs?: number; bytesPerMs?: number },
	) => {
		const [a, b] = memoryChannelPair({ clock, ...options });
		caller.addPath(kind, a);
		node.addPath(kind, b);
		return { a, b };
	};
	return { clock, caller, node, served, log, connect };
}

export function answer(one: Served, body: Uint8Array): void {
	one.call.send({ type: "accepted", queuedMs: 0, stream: false });
	one.call.send({ type: "function_response", runMs: 1 }, bytesValue(body));
	one.call.end();
}

/** A node that sends the arguments back. */
export function echo(one: Served): void {
	one.listener.onEnded = () => {
		answer(one, one.listener.values[0]?.body ?? new Uint8Array(0));
	};
}

export function call(
	session: Session,
	body: Uint8Array,
	path: "relay" | "direct" | "any" = "any",
) {
	const listener = new Listener();
	const end = session.open(listener, path);
	end.send(request("echo"), bytesValue(body));
	end.end();
	return { end, listener };
}
