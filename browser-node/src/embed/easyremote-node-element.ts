import { type EmbedState, isEmbedMessage } from "./embed-message.js";
import { KeptValue } from "./kept-value.js";

const DAY_MS = 86_400_000;
/** How long a visitor who said no, or stop, is left alone, ms. */
const LEFT_ALONE_MS = { declined: 30 * DAY_MS, stopped: DAY_MS };
/** What the frame is told of the element's attributes. */
const TERMS = ["max-cpu", "cores", "key", "direct"] as const;
/** A frame that has loaded and says nothing for so long, ms, is not the page it should be. */
const GREETING_MS = 3_000;

const STYLE = `
:host { display: block; max-width: 30rem; }
:host([hidden]) { display: none; }
iframe { display: block; box-sizing: border-box; width: 100%; height: 0; border: 0; border-radius: 12px; }
iframe.shown { border: 1px solid #8886; }
p { margin: 0; font: 0.85rem/1.5 system-ui, sans-serif; opacity: 0.75; }
`;

/** As the frame's, and `unavailable`: the gateway does not lend itself to this site, or is out of reach. */
export type EasyRemoteNodeState = EmbedState | "unavailable";

/**
 * `<easyremote-node consent="ask" max-cpu="50%">`: asks this site's visitors to lend their browsers to a gateway. All of it
 * happens in a frame of that gateway, so that what runs has neither this site's origin nor this site theirs, and it is the
 * gateway's page that asks. A no is kept with this site for 30 days. `state` events tell of its state.
 *
 * Attributes: `max-cpu`, share of each core ("100%"); `cores` (all but one); `key`, a node key, which every visitor can read;
 * `direct`, callers may connect to visitors, whose network address they then learn; `gateway`, its address (that of this script).
 */
export class EasyRemoteNodeElement extends HTMLElement {
	readonly #leftAlone = new KeptValue(
		() => localStorage,
		"easyremote:left-alone-until",
	);
	readonly #shadow = this.attachShadow({ mode: "open" });
	#frame: HTMLIFrameElement | undefined;
	#greeting: ReturnType<typeof setTimeout> | undefined;
	#state: EasyRemoteNodeState = "asking";

	constructor() {
		super();
		// A <style> would need the site's content security policy to allow it.
		const style = new CSSStyleSheet();
		style.replaceSync(STYLE);
		this.#shadow.adoptedStyleSheets = [style];
	}

	get state(): EasyRemoteNodeState {
		return this.#state;
	}

	connectedCallback(): void {
		if (Number(this.#leftAlone.get() ?? 0) > Date.now()) {
			this.#become("declined");
			return;
		}
		const page = this.#page();
		const frame = document.createElement("iframe");
		frame.src = page.href;
		frame.title = "Lend computing power";
		// The page says in its question which site asks.
		frame.referrerPolicy = "origin";
		frame.addEventListener("load", () => {
			this.#greeting = setTimeout(() => this.#refused(page), GREETING_MS);
		});
		this.#frame = frame;
		addEventListener("message", this.#hear);
		this.#shadow.replaceChildren(frame);
	}

	/** What was lent ends with the frame. */
	disconnectedCallback(): void {
		removeEventListener("message", this.#hear);
		clearTimeout(this.#greeting);
		this.#frame = undefined;
		this.#shadow.replaceChildren();
	}

	readonly #hear = ({ source, origin, data }: MessageEvent): void => {
		const frame = this.#frame;
		if (!frame || source !== frame.contentWindow) return;
		if (origin !== this.#page().origin || !isEmbedMessage(data)) return;
		clearTimeout(this.#greeting);
		const { state, height } = data;
		frame.style.height = `${Math.ceil(height) + 2}px`;
		frame.classList.toggle("shown", state !== "declined");
		if (state === "declined" || state === "stopped")
			this.#leftAlone.set(String(Date.now() + LEFT_ALONE_MS[state]));
		else if (state !== "asking") this.#leftAlone.set(undefined);
		this.#become(state);
		if (state === "declined") this.disconnectedCallback();
	};

	/** The gateway's page, with this element's terms in its fragment. */
	#page(): URL {
		const gateway = this.getAttribute("gateway");
		const page =
			gateway === null
				? new URL("embed", SCRIPT)
				: new URL("embed", gateway.replace(/\/*$/, "/"));
		const terms = new URLSearchParams();
		for (const name of TERMS) {
			const value = this.getAttribute(name);
			if (value !== null) terms.set(name, value);
		}
		page.hash = terms.toString();
		return page;
	}

	#refused({ origin }: URL): void {
		const note = document.createElement("p");
		note.textContent = `${origin} does not show its question here: either it is out of reach, or its option donors.embedOrigins does not list ${location.origin}.`;
		this.disconnectedCallback();
		this.#shadow.replaceChildren(note);
		this.#become("unavailable");
	}

	#become(state: EasyRemoteNodeState): void {
		if (state === this.#state) return;
		this.#state = state;
		this.dispatchEvent(new Event("state"));
	}
}

/** Where this script came from is where its gateway is. */
const SCRIPT = import.meta.url;
