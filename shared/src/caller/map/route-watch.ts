import type { Provider } from "../../protocol/provider.js";
import type { CancelTimer, Clock } from "../../time/clock.js";
import type { CallTarget } from "../call-request.js";
import type { Route, RouteSource } from "../route-source.js";

/** How often the gateway is asked for nodes while there are none, ms. */
const ASK_AGAIN_MS = 500;

export interface RouteWatchOptions {
	readonly routes: RouteSource;
	readonly target: CallTarget;
	readonly clock: Clock;
	/** Ends it. */
	readonly signal: AbortSignal;
	/** Who offers the function now; called again when it is still nobody. */
	readonly changed: (providers: readonly Provider[]) => void;
	/** Nobody offered it to begin with: why. */
	readonly failed: (error: unknown) => void;
}

/** Keeps an eye on who offers a function, for as long as a map runs. */
export class RouteWatch {
	readonly #options: RouteWatchOptions;
	#route: Route | undefined;
	#leave: (() => void) | undefined;
	#cancelAsking: CancelTimer | undefined;

	constructor(options: RouteWatchOptions) {
		this.#options = options;
		options.signal.addEventListener("abort", () => {
			this.#leave?.();
			this.#cancelAsking?.();
		});
	}

	get route(): Route | undefined {
		return this.#route;
	}

	start(): void {
		const { routes, target, signal, failed } = this.#options;
		const known = routes.peek(target);
		if (known) this.#follow(known);
		else
			routes.resolve(target, signal).then((route) => {
				this.#follow(route);
			}, failed);
	}

	#follow(route: Route): void {
		if (this.#options.signal.aborted) return;
		this.#route = route;
		this.#leave?.();
		this.#leave = route.subscribe(() => {
			this.#tell(route.providers);
		});
		this.#tell(route.providers);
	}

	#tell(providers: readonly Provider[]): void {
		if (this.#options.signal.aborted) return;
		if (providers.length === 0) this.#askLater();
		this.#options.changed(providers);
	}

	#askLater(): void {
		const { clock, routes, target, signal } = this.#options;
		this.#cancelAsking?.();
		this.#cancelAsking = clock.schedule(ASK_AGAIN_MS, () => {
			routes.resolve(target, signal).then(
				(route) => {
					this.#follow(route);
				},
				() => {
					// Nobody yet. The map's own limits say for how long that goes on.
					this.#tell([]);
				},
			);
		});
	}
}
