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
		if (wanted === this.#wanted) return;
		this.#wanted = wanted;
		void this.#renew();
	}

	/** Whether the screen is to stay on now. */
	get #due(): boolean {
		return this.#wanted && document.visibilityState === "visible";
	}

	async #renew(): Promise<void> {
		try {
			const { wakeLock } = navigator as Partial<Navigator>;
			await this.#hold(
				this.#due ? await wakeLock?.request("screen") : undefined,
			);
			// It may have been given up while the browser was asked.
			if (!this.#due) await this.#hold(undefined);
		} catch {
			// Low battery, or a policy: the screen then goes dark as always.
		}
	}

	/** One at a time: each that is forgotten keeps the screen on for good. */
	async #hold(lock: WakeLockSentinel | undefined): Promise<void> {
		const former = this.#lock;
		this.#lock = lock;
		await former?.release();
	}
}
