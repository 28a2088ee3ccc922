/** Keeps the screen on while wanted and this tab is in front, where the browser can. */
export class ScreenWake {
	#wanted = false;
	#lock: WakeLockSentinel | undefined;

	constructor() {
		// The browser lets go of it whenever the tab is hidden.
		document.addEventListener("visibilitychange", () => void this.#renew());
	}

	/** Turns it on or off. */
	set wanted(wanted: boolean) {
		this.#wanted = wanted;
		void this.#renew();
	}

	async #renew(): Promise<void> {
		try {
			if (!this.#wanted) {
				await this.#lock?.release();
				this.#lock = undefined;
			} else if (document.visibilityState === "visible") {
				const wakeLock = (navigator as Partial<Navigator>).wakeLock;
				this.#lock = await wakeLock?.request("screen");
			}
		} catch {
			// Low battery, or a policy: the screen then goes dark as always.
		}
	}
}
