import { loadCode } from "./load-code.js";

/**
 * A part of the library that only some programs need, kept once it is there.
 *
 * @example
 * const maps = new LateCode("map", () => import("./map-run.js"));
 * const { MapRun } = maps.code ?? (await maps.load());
 */
export class LateCode<T extends object> {
	readonly #what: string;
	readonly #fetch: () => Promise<T>;
	#code: T | undefined;

	constructor(what: string, fetch: () => Promise<T>) {
		this.#what = what;
		this.#fetch = fetch;
	}

	/** Undefined until it has been fetched. */
	get code(): T | undefined {
		return this.#code;
	}

	/** Rejects with UNAVAILABLE, so that whoever asked may ask again. */
	async load(): Promise<T> {
		this.#code ??= await loadCode(this.#what, this.#fetch);
		return this.#code;
	}
}
