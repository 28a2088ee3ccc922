import { loadCode } from "../../errors/load-code.js";
import { type MapRequest, settleMapRequest } from "./map-options.js";
import type { MapRun, MapSurroundings } from "./map-run.js";

let loaded: typeof MapRun | undefined;

/** Fetches the code of maps, which many pages never need. Rejects with UNAVAILABLE. */
export async function loadMaps(): Promise<typeof MapRun> {
	loaded ??= (await loadCode("map", () => import("./map-run.js"))).MapRun;
	return loaded;
}

/** A map whose code is fetched when its first result is asked for. */
export class LazyMap implements AsyncIterableIterator<unknown> {
	readonly #request: MapRequest;
	readonly #surroundings: MapSurroundings;
	#run: MapRun | undefined;
	#left = false;

	/** Nothing happens before the first `next`. Throws INVALID_ARGUMENT for options and inputs that are of no use. */
	constructor(request: MapRequest, surroundings: MapSurroundings) {
		settleMapRequest(request, surroundings.context.defaults);
		this.#request = request;
		this.#surroundings = surroundings;
		if (loaded) this.#run = new loaded(request, surroundings);
	}

	async next(): Promise<IteratorResult<unknown>> {
		if (!this.#run) this.#begin(await loadMaps());
		return this.#run?.next() ?? { done: true, value: undefined };
	}

	/** Leaves: calls still running are cancelled, the source is told, results not read are dropped. */
	async return(): Promise<IteratorResult<unknown>> {
		this.#left = true;
		return this.#run?.return() ?? { done: true, value: undefined };
	}

	/** More results may have been asked for, and the map left, while the code was on its way. */
	#begin(Run: typeof MapRun): void {
		if (!this.#left) this.#run ??= new Run(this.#request, this.#surroundings);
	}

	[Symbol.asyncIterator](): this {
		return this;
	}

	async [Symbol.asyncDispose](): Promise<void> {
		await this.return();
	}
}
