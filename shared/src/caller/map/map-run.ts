import { EasyRemoteError } from "../../errors/easyremote-error.js";
import { toEasyRemoteError } from "../../errors/error-wire.js";
import type { Call } from "../call.js";
import type { CallContext } from "../call-context.js";
import type { CallRequest } from "../call-request.js";
import { offeredBy } from "../reference.js";
import { ItemSource } from "./item-source.js";
import type { Copy, MapItem } from "./map-item.js";
import {
	type MapRequest,
	type MapSettings,
	settleMapRequest,
} from "./map-options.js";
import { MapOutput } from "./map-output.js";
import { MapTally } from "./map-tally.js";
import { NodeWindows, type RoomyNode } from "./node-windows.js";
import { Pause } from "./pause.js";
import { RouteWatch } from "./route-watch.js";
import { StragglerWatch } from "./straggler-watch.js";

/** What a map needs of the caller it belongs to. */
export interface MapSurroundings {
	readonly context: CallContext;
	readonly start: (request: CallRequest) => Call<unknown>;
}

/** Items of which results have not been read, for each call that may run. */
const BUFFERED_PER_CALL = 4;
const SMALLEST_BUFFER = 16;
/** A refused item is sent again after this unless the node asks for longer, ms. */
const REFUSED_PAUSE_MS = 20;

/**
 * One map: takes items from a source as nodes have room and the reader reads, makes a call of each, and gives the results.
 * The single driver of what happens; what is known and decided stands in the parts it owns.
 */
export class MapRun implements AsyncIterableIterator<unknown> {
	readonly #request: MapRequest;
	readonly #surroundings: MapSurroundings;
	readonly #settings: MapSettings;
	readonly #source: ItemSource;
	readonly #output: MapOutput;
	readonly #windows = new NodeWindows();
	readonly #stragglers: StragglerWatch;
	readonly #running = new Set<MapItem>();
	/** Items to be sent again, which go first. */
	readonly #again: MapItem[] = [];
	readonly #lifetime = new AbortController();
	readonly #routeWatch: RouteWatch;
	/** Kept to by items that nodes had no place for. */
	readonly #pause: Pause;
	readonly #tally: MapTally;
	#begun = false;
	#pumpPlanned = false;
	#over = false;

	/** Nothing happens before the first `next`. Throws INVALID_ARGUMENT for options and inputs that are of no use. */
	constructor(request: MapRequest, surroundings: MapSurroundings) {
		const { context } = surroundings;
		this.#request = request;
		this.#surroundings = surroundings;
		this.#settings = settleMapRequest(request, context.defaults);
		this.#source = new ItemSource(request.inputs);
		this.#output = new MapOutput({
			ordered: this.#settings.ordered,
			yieldErrors: this.#settings.yieldErrors,
			failed: () => {
				this.#stop("another item failed");
			},
		});
		this.#tally = new MapTally(this.#settings.onProgress);
		this.#stragglers = new StragglerWatch(context.clock);
		this.#pause = new Pause(context.clock, () => {
			this.#planPump();
		});
		this.#routeWatch = new RouteWatch({
			routes: context.routes,
			target: request.target,
			clock: context.clock,
			signal: this.#lifetime.signal,
			changed: (providers) => {
				this.#windows.follow(providers);
				this.#giveUpLate();
				this.#planPump();
			},
			failed: (error) => {
				this.#abort(error);
			},
		});
	}

	next(): Promise<IteratorResult<unknown>> {
		const result = this.#output.next();
		if (this.#begun) this.#planPump();
		else this.#begin();
		return result;
	}

	/** Leaves: calls still running are cancelled, the source is told, results not read are dropped. */
	async return(): Promise<IteratorResult<unknown>> {
		this.#begun = true;
		this.#output.drop();
		this.#stop("the reader of the map left");
		await this.#source.leave();
		return { done: true, value: undefined };
	}

	[Symbol.asyncIterator](): this {
		return this;
	}

	async [Symbol.asyncDispose](): Promise<void> {
		await this.return();
	}

	// ── begin and end ──

	#begin(): void {
		this.#begun = true;
		for (const signal of this.#settings.signals) {
			const abort = () => {
				this.#abort(signal.reason);
			};
			if (signal.aborted) abort();
			else
				signal.addEventListener("abort", abort, {
					signal: this.#lifetime.signal,
				});
		}
		if (!this.#over) this.#routeWatch.start();
	}

	/** Ends it with a failure that concerns no item. */
	#abort(reason: unknown): void {
		if (this.#over) return;
		this.#output.fail(
			reason instanceof EasyRemoteError
				? reason
				: new EasyRemoteError("CANCELLED", "the map was cancelled", {
						cause: reason,
					}),
		);
		this.#stop(reason);
	}

	/** Cancels what runs and lets go of everything. */
	#stop(reason: unknown): void {
		if (this.#over) return;
		this.#over = true;
		this.#lifetime.abort(reason);
		this.#pause.stop();
		this.#stragglers.stop();
		this.#again.length = 0;
		const running = [...this.#running];
		this.#running.clear();
		for (const item of running)
			for (const { call } of item.copies.splice(0)) call.cancel(reason);
		this.#source.leave().catch(() => {
			// The map has its end already; what the source says to being left would only hide it.
		});
	}

	#finishIfDone(): void {
		if (this.#over || !this.#source.ended) return;
		if (this.#running.size > 0 || this.#again.length > 0) return;
		this.#output.end();
		this.#stop("the map is over");
	}

	// ── items out ──

	/** Many answers come in one turn: what they make room for goes out together, and shares messages. */
	#planPump(): void {
		if (this.#pumpPlanned || this.#over) return;
		this.#pumpPlanned = true;
		queueMicrotask(() => {
			this.#pumpPlanned = false;
			this.#pump();
		});
	}

	#pump(): void {
		while (!this.#over && this.#tally.running < this.#settings.concurrency) {
			if (this.#again.length > 0 && this.#pause.lasts()) return;
			const node = this.#windows.roomiest();
			const item = node && (this.#again.shift() ?? this.#take());
			if (!node || !item) break;
			this.#send(item, node);
		}
		this.#finishIfDone();
		if (!this.#over) this.#doubleStragglers();
	}

	/** The next item, if the reader has kept up and the source has one at once. */
	#take(): MapItem | undefined {
		const { buffer, yieldErrors } = this.#settings;
		// After a failure that ends the map only those before it matter.
		if (this.#tally.failed > 0 && !yieldErrors) return undefined;
		const most =
			buffer ??
			Math.max(SMALLEST_BUFFER, this.#windows.capacity * BUFFERED_PER_CALL);
		const open = this.#running.size + this.#again.length + this.#output.unread;
		if (open >= most) return undefined;
		try {
			const taken = this.#source.take((step) => {
				if ("threw" in step) this.#sourceThrew(step.threw);
				else {
					if (step.found) this.#again.push(this.#itemOf(step.found.item));
					this.#planPump();
				}
			});
			return taken && this.#itemOf(taken.item);
		} catch (error) {
			this.#sourceThrew(error);
			return undefined;
		}
	}

	#itemOf(input: unknown): MapItem {
		const item: MapItem = {
			index: this.#tally.taken,
			input,
			takenAtMs: this.#surroundings.context.clock.monotonic(),
			copies: [],
			doubled: false,
		};
		this.#tally.taken += 1;
		return item;
	}

	/** The source's own error ends the map as it is. */
	#sourceThrew(error: unknown): void {
		if (this.#over) return;
		this.#output.fail(error);
		this.#stop(error);
	}

	#send(item: MapItem, node: RoomyNode): void {
		const { clock } = this.#surroundings.context;
		const nowMs = clock.monotonic();
		const timeout = this.#settings.timeoutMs - (nowMs - item.takenAtMs);
		if (timeout <= 0) {
			this.#settle(item, this.#noNodes());
			return;
		}
		const call = this.#surroundings.start({
			target: this.#request.target,
			prefer: node.nodeId,
			input: { args: [item.input] },
			check: this.#request.check,
			options: { ...this.#settings.call, timeout },
		});
		const copy: Copy = { call, node, sentAtMs: nowMs };
		node.window.inFlight += 1;
		this.#tally.running += 1;
		item.copies.push(copy);
		this.#running.add(item);
		call.then(
			(value) => {
				this.#answered(item, copy, value);
			},
			(error: unknown) => {
				this.#refusedOrFailed(item, copy, toEasyRemoteError(error));
			},
		);
	}

	// ── results in ──

	#answered(item: MapItem, copy: Copy, value: unknown): void {
		if (!this.#ends(item, copy)) return;
		const ms = this.#surroundings.context.clock.monotonic() - copy.sentAtMs;
		copy.node.window.answered(ms);
		this.#stragglers.took(ms);
		for (const other of item.copies.splice(0)) {
			this.#forget(other);
			other.call.cancel("another node was faster");
		}
		this.#running.delete(item);
		this.#report(true);
		this.#output.settle({
			status: "fulfilled",
			value,
			index: item.index,
			// Where results are compared, another node's may be the one that counts.
			nodeId: copy.call.route.nodeId ?? copy.node.nodeId,
		});
		this.#planPump();
	}

	#refusedOrFailed(item: MapItem, copy: Copy, error: EasyRemoteError): void {
		if (!this.#ends(item, copy)) return;
		const full = this.#isFull(error);
		if (full) copy.node.window.refused();
		if (item.copies.length === 0) {
			this.#running.delete(item);
			if (full) this.#sendLater(item, error);
			else this.#settle(item, error);
		}
		this.#planPump();
	}

	/** Takes a copy off the books; false if it no longer was on them. */
	#ends(item: MapItem, copy: Copy): boolean {
		const place = item.copies.indexOf(copy);
		if (place < 0) return false;
		item.copies.splice(place, 1);
		this.#forget(copy);
		return true;
	}

	#forget({ node }: Copy): void {
		node.window.inFlight -= 1;
		this.#tally.running -= 1;
	}

	#settle(item: MapItem, reason: EasyRemoteError): void {
		this.#report(false);
		this.#output.settle({ status: "rejected", reason, index: item.index });
	}

	#report(ok: boolean): void {
		this.#tally.settled(ok, {
			nodes: this.#windows.nodes,
			sourceEnded: this.#source.ended,
		});
	}

	// ── waiting ──

	/** Items that wait while there is no node, or no place, do so until their time is up. */
	#giveUpLate(): void {
		const nowMs = this.#surroundings.context.clock.monotonic();
		for (const item of this.#again.splice(0)) {
			if (nowMs - item.takenAtMs < this.#settings.timeoutMs)
				this.#again.push(item);
			else this.#settle(item, this.#noNodes());
		}
	}

	#noNodes(): EasyRemoteError {
		return (
			this.#routeWatch.route?.error ??
			new EasyRemoteError(
				"UNAVAILABLE",
				`no node that offers "${this.#request.target.function}" had a place`,
			)
		);
	}

	/** Nodes were full though their windows were not: others use them too. */
	#sendLater(item: MapItem, error: EasyRemoteError): void {
		this.#again.push(item);
		const { random } = this.#surroundings.context;
		this.#pause.extend(error.retryAfterMs ?? REFUSED_PAUSE_MS * (1 + random()));
		this.#giveUpLate();
	}

	/** All places were taken, here or everywhere: the item never started, and has its turn later. */
	#isFull(error: EasyRemoteError): boolean {
		if (error.httpStatus === 413 || !error.retryable) return false;
		// Without a direct path, who wants no other is not helped by waiting.
		return (
			error.code === "RESOURCE_EXHAUSTED" ||
			(error.code === "UNAVAILABLE" &&
				this.#settings.call.transport !== "direct")
		);
	}

	#doubleStragglers(): void {
		if (!this.#settings.stragglers || !this.#source.ended) return;
		if (this.#windows.nodes < 2 || this.#again.length > 0) return;
		if (!this.#isIdempotent()) return;
		const late = this.#stragglers.late(this.#running, () => {
			this.#planPump();
		});
		for (const item of late) {
			if (this.#tally.running >= this.#settings.concurrency) return;
			const used = item.copies.map(({ node }) => node.nodeId);
			const node = this.#windows.idleBeside(used);
			if (!node) return;
			item.doubled = true;
			this.#send(item, node);
		}
	}

	#isIdempotent(): boolean {
		const providers = this.#routeWatch.route?.providers ?? [];
		const { target } = this.#request;
		return providers.every(
			(provider) => offeredBy(provider, target)?.idempotent === true,
		);
	}
}
