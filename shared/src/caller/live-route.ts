import type { EasyRemoteError } from "../errors/easyremote-error.js";
import type { RouteQuery } from "../protocol/control-messages.js";
import type { Provider } from "../protocol/provider.js";
import type { Route } from "./route-source.js";

/** What is said of a route at one time. */
export interface RouteNews {
	readonly providers: readonly Provider[];
	readonly strategy: Route["strategy"];
	readonly error: EasyRemoteError | undefined;
}

/** A route that whoever made it keeps up to date. Nothing is known of it before the first `update`. */
export class LiveRoute implements Route {
	readonly query: RouteQuery;
	#doubted = false;
	#news: RouteNews = { providers: [], strategy: "", error: undefined };
	readonly #listeners = new Set<() => void>();

	constructor(query: RouteQuery) {
		this.query = query;
	}

	get providers(): readonly Provider[] {
		return this.#news.providers;
	}

	get strategy(): Route["strategy"] {
		return this.#news.strategy;
	}

	get error(): EasyRemoteError | undefined {
		return this.#news.error;
	}

	/** Whether a call has found it wrong since the last `update`. */
	get doubted(): boolean {
		return this.#doubted;
	}

	doubt(): void {
		this.#doubted = true;
	}

	subscribe(listener: () => void): () => void {
		this.#listeners.add(listener);
		return () => {
			this.#listeners.delete(listener);
		};
	}

	/** Takes over what is true now, and tells the listeners. */
	update(news: RouteNews): void {
		this.#news = news;
		this.#doubted = false;
		for (const listener of [...this.#listeners]) listener();
	}
}
