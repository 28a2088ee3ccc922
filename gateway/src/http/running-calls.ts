/** The REST calls under way: what a gateway that closes waits for. */
export class RunningCalls {
	#count = 0;
	#total = 0;
	#idle: (() => void)[] = [];

	/** Calls under way. */
	get count(): number {
		return this.#count;
	}

	/** Calls ever begun. */
	get total(): number {
		return this.#total;
	}

	/** Counts one more; the answer counts it as over. Calling that twice does nothing. */
	enter(): () => void {
		this.#count += 1;
		this.#total += 1;
		let over = false;
		return () => {
			if (over) return;
			over = true;
			this.#count -= 1;
			if (this.#count === 0) for (const wake of this.#idle.splice(0)) wake();
		};
	}

	/** Resolves when none is under way. */
	whenIdle(): Promise<void> {
		if (this.#count === 0) return Promise.resolve();
		return new Promise((resolve) => {
			this.#idle.push(resolve);
		});
	}
}
