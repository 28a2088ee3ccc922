import {
	FRAME_BOOT,
	type FrameCommand,
	type FrameReport,
} from "../ports/sandbox-port.js";

/** So many checks in a row without an answer to the one before, and it is dead. */
const DEAD_AFTER_CHECKS = 4;
/** The same for a frame that has never answered: it may still be loading. */
const NOT_LOADED_AFTER_CHECKS = 15;

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
	/** Pings since the last answer. Counted, not timed: a page that was frozen itself blames nobody. */
	#unanswered = 0;
	#patience = NOT_LOADED_AFTER_CHECKS;

	/** @param url of `sandbox.html` */
	constructor(url: string, events: FrameEvents) {
		this.#events = events;
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
		// Its answer tells that the frame has loaded.
		this.post({ type: "ping" });
	}

	/** Waits in the port while the frame loads. */
	post(command: FrameCommand, transfer: Transferable[] = []): void {
		this.#port.postMessage(command, transfer);
	}

	/** Asks whether it lives. To be called about once a second. */
	check(): void {
		if (this.#unanswered >= this.#patience) {
			this.#events.dead();
			return;
		}
		this.#unanswered += 1;
		this.post({ type: "ping" });
	}

	/** Ends the frame and every Worker in it. */
	remove(): void {
		this.#port.close();
		this.#element.remove();
	}

	#take(report: FrameReport): void {
		if (report.type === "failed") {
			this.#events.failed(report.worker);
			return;
		}
		this.#unanswered = 0;
		this.#patience = DEAD_AFTER_CHECKS;
	}
}
