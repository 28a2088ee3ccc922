import type { Route } from "@easyremote/shared/caller";
import { type EasyRemoteError, fromWireError } from "@easyremote/shared/errors";
import type {
	ControlPayload,
	Provider,
	RouteQuery,
} from "@easyremote/shared/protocol";

/** The gateway's word on one query, replaced by each of its updates. */
export class LinkRoute implements Route {
	readonly query: RouteQuery;
	#providers: readonly Provider[] = [];
	#strategy = "";
	#error: EasyRemoteError | undefined;
	readonly #listeners = new Set<() => void>();

	constructor(query: RouteQuery) {
		this.query = query;
	}

	get providers(): readonly Provider[] {
		return this.#providers;
	}

	get strategy(): string {
		return this.#strategy;
	}

	get error(): EasyRemoteError | undefined {
		return this.#error;
	}

	subscribe(listener: () => void): () => void {
		this.#listeners.add(listener);
		return () => {
			this.#listeners.delete(listener);
		};
	}

	update(payload: ControlPayload<"route_update">): void {
		this.#providers = payload.providers;
		this.#strategy = payload.strategy;
		this.#error = payload.error && fromWireError(payload.error);
		for (const listener of [...this.#listeners]) listener();
	}
}
