/** What is wrong with a value, and where in it. It says nothing of what was found, which may be a secret. */
export class Mismatch {
	readonly problem: string;
	/** Keys and positions, from the outside in; empty if it is the whole that is wrong. */
	readonly path: (string | number)[] = [];

	constructor(problem: string) {
		this.problem = problem;
	}

	/** The same, told of what holds the value as `key`. */
	within(key: string | number): this {
		this.path.unshift(key);
		return this;
	}

	/** For people: "payload.tags.3: expected a text". */
	toString(): string {
		return `${this.path.join(".") || "top level"}: ${this.problem}`;
	}
}
