import { LateCode } from "../../errors/late-code.js";
import { type MapRequest, settleMapRequest } from "./map-options.js";
import type { MapRun, MapSurroundings } from "./map-run.js";

/** The code of maps, which many pages never need. */
export const maps = new LateCode("map", () => import("./map-run.js"));

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
		if (maps.code) this.#begin(maps.code);
	}

	async next(): Promise<IteratorResult<unknown>> {
		if (!this.#run) this.#begin(await maps.load());
		return this.#run?.next() ?? { done: true, value: undefined };
	}

	/** Leaves: calls still running are cancelled, the source is told, results not read are dropped. */
	async return(): Promise<IteratorResult<unknown>> {
		this.#left = true;
		return this.#run?.return() ?? { done: true, value: undefined };
	}

	/** More results may have been asked for, and the map left, while the code was on its way. */
	#begin({ MapRun }: NonNullable<typeof maps.code>): void {
		if (this.#left) return;
		this.#run ??= new MapRun(this.#request, this.#surroundings);
	}

	[Symbol.asyncIterator](): this {
		return this;
	}

	async [Symbol.asyncDispose](): Promise<void> {
		await this.return();
	}
}
