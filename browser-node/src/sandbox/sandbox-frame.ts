import type { CancelTimer, Clock } from "@easyremote/shared/time";
import {
	FRAME_BOOT,
	type FrameCommand,
	type FrameReport,
} from "../ports/sandbox-port.js";

/** How often a frame is asked whether it lives, ms. */
const PING_INTERVAL_MS = 1_000;
/** So many questions in a row without an answer, and it is dead. */
const DEAD_AFTER_PINGS = 4;
/** The same for a frame that has never answered: it may still be loading. */
const NOT_LOADED_AFTER_PINGS = 15;

/** What a frame tells. */
interface FrameEvents {
	/** A Worker in it broke. */
	failed(worker: number): void;
	/** It answers no more: its process has died, most often for want of memory. Its Workers are gone with it. */
	dead(): void;
}

/** The sandbox's document in a hidden frame, from its making to its end. */
export class SandboxFrame {
	readonly #element: HTMLIFrameElement;
	readonly #port: MessagePort;
	readonly #events: FrameEvents;
	readonly #clock: Clock;
	#cancelPing: CancelTimer;
	/** Pings since the last answer. Counted, not timed: a page that was frozen itself blames nobody. */
	#unanswered = 0;
	#patience = NOT_LOADED_AFTER_PINGS;

	/** @param url of `sandbox.html` */
	constructor(url: string, events: FrameEvents, clock: Clock) {
		this.#events = events;
		this.#clock = clock;
		const { port1, port2 } = new MessageChannel();
		this.#port = port1;
		port1.onmessage = ({ data }: MessageEvent<FrameReport>) => this.#take(data);
		const element = document.createElement("iframe");
		this.#element = element;
		// Never allow-same-origin: the frame's origin, and that of all its Workers, is nobody's.
		element.setAttribute("sandbox", "allow-scripts");
		element.setAttribute("allow", "");
		element.referrerPolicy = "no-referrer";
		element.hidden = true;
		element.src = url;
		element.addEventListener(
			"load",
			// Its origin is opaque and cannot be named. The page's frame-src says what may stand in the frame.
			() => element.contentWindow?.postMessage(FRAME_BOOT, "*", [port2]),
			{ once: true },
		);
		document.documentElement.append(element);
		this.#cancelPing = this.#ping();
	}

	/** Waits in the port while the frame loads. */
	post(command: FrameCommand, transfer: Transferable[] = []): void {
		this.#port.postMessage(command, transfer);
	}

	/** Ends the frame and every Worker in it. */
	remove(): void {
		this.#cancelPing();
		this.#port.close();
		this.#element.remove();
	}

	#ping(): CancelTimer {
		this.post({ type: "ping" });
		return this.#clock.schedule(PING_INTERVAL_MS, () => {
			this.#unanswered += 1;
			if (this.#unanswered >= this.#patience) this.#events.dead();
			else this.#cancelPing = this.#ping();
		});
	}

	#take(report: FrameReport): void {
		if (report.type === "failed") {
			this.#events.failed(report.worker);
			return;
		}
		this.#unanswered = 0;
		this.#patience = DEAD_AFTER_PINGS;
	}
}
