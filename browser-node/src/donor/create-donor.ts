import { donorId, publicDonorKey } from "@easyremote/shared/security";
import type { NodeStart } from "../ports/page-port.js";
import type {
	BrowserNodeStats,
	DonatedBundle,
	DonorState,
} from "../node-facts.js";
import { tabIdentity } from "../tab-identity.js";
import { coresToLend, TabNode } from "../tab-node.js";
import type { Donor, DonorOptions } from "./donor.js";
import {
	BundlesEvent,
	type DonorEventMap,
	DonorStateEvent,
} from "./donor-events.js";
import { donorKeys } from "./donor-keys.js";

const MEMORY_BYTES = 1_000_000_000;
const CACHE_BYTES = 200_000_000;
const LEAST_SHARE = 0.1;

/**
 * Lends this tab to what others have published through a gateway. Their code runs in a sandbox without network, storage
 * or access to the page, and nothing runs before `start`.
 *
 * @example
 * const donor = createDonor({ gateway: location.origin, dutyCycle: 0.5 });
 * donor.addEventListener("state", ({ state }) => console.log(state));
 * await donor.start();
 */
export function createDonor(options: DonorOptions): Donor {
	return new TabDonor(options);
}

class TabDonor implements Donor {
	readonly #events = new EventTarget();
	readonly #node: TabNode;
	#dutyCycle: number;
	#id: string | undefined;
	#bundles: readonly DonatedBundle[] = [];
	#paused = false;

	constructor(options: DonorOptions) {
		this.#dutyCycle = shareOf(options.dutyCycle ?? 1);
		const leave = new URL("/donate/leave", options.gateway);
		this.#node = new TabNode(
			{
				source: undefined,
				settle: () => this.#settle(options),
				bundles: (bundles) => this.#show(bundles),
				// The socket's end may come late: a page that is frozen on its way out keeps it.
				leaving: (connection) => navigator.sendBeacon(leave, connection),
			},
			undefined,
		);
		this.#node.addEventListener("state", ({ error }) => {
			if (this.#node.state === "stopped") this.#show([]);
			this.#tell(error);
		});
	}

	get id(): string | undefined {
		return this.#id;
	}

	get nodeId(): string | undefined {
		return this.#node.id;
	}

	get state(): DonorState {
		const { state } = this.#node;
		return state === "online" && this.#paused ? "paused" : state;
	}

	get bundles(): readonly DonatedBundle[] {
		return this.#bundles;
	}

	get stats(): BrowserNodeStats {
		return this.#node.stats;
	}

	start(): Promise<void> {
		return this.#node.start();
	}

	pause(): void {
		this.#setPaused(true);
	}

	resume(): void {
		this.#setPaused(false);
	}

	setDutyCycle(share: number): void {
		this.#dutyCycle = shareOf(share);
		this.#node.page?.setDutyCycle(this.#dutyCycle);
	}

	stop(): Promise<void> {
		return this.#node.stop();
	}

	addEventListener<T extends keyof DonorEventMap>(
		type: T,
		listener: (event: DonorEventMap[T]) => void,
		options?: boolean | AddEventListenerOptions,
	): void {
		// Each type is dispatched with the class that belongs to it, and with no other.
		this.#source(type).addEventListener(
			type,
			listener as EventListener,
			options,
		);
	}

	removeEventListener<T extends keyof DonorEventMap>(
		type: T,
		listener: (event: DonorEventMap[T]) => void,
	): void {
		this.#source(type).removeEventListener(type, listener as EventListener);
	}

	/** Calls and errors are the node's to tell. */
	#source(type: keyof DonorEventMap): EventTarget {
		return type === "call" || type === "error"
			? this.#node.events
			: this.#events;
	}

	async #settle(options: DonorOptions): Promise<NodeStart> {
		const keys = await donorKeys();
		this.#id = await donorId(await publicDonorKey(keys));
		return {
			gateway: new URL(options.gateway, document.baseURI).href,
			key: options.key,
			id: await tabIdentity(),
			maxConcurrent: options.cores ?? coresToLend(),
			maxQueue: undefined,
			direct: options.direct !== false && "RTCPeerConnection" in globalThis,
			iceTransportPolicy: options.iceTransportPolicy ?? "all",
			maxPeerConnections: undefined,
			tags: ["donor"],
			donor: {
				keys,
				paused: this.#paused,
				dutyCycle: this.#dutyCycle,
				memoryBytes: options.memoryBytes ?? MEMORY_BYTES,
				webgpu: options.webgpu ?? false,
				cacheBytes: options.cacheBytes ?? CACHE_BYTES,
			},
		};
	}

	#setPaused(paused: boolean): void {
		if (this.#paused === paused) return;
		this.#paused = paused;
		this.#node.page?.pause(paused);
		this.#tell(undefined);
	}

	#show(bundles: readonly DonatedBundle[]): void {
		this.#bundles = bundles;
		this.#events.dispatchEvent(new BundlesEvent(bundles));
	}

	#tell(error: DonorStateEvent["error"]): void {
		this.#events.dispatchEvent(new DonorStateEvent(this.state, error));
	}
}

function shareOf(dutyCycle: number): number {
	return Math.min(1, Math.max(LEAST_SHARE, dutyCycle || 1));
}
