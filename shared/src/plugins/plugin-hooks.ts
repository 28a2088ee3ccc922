import { deferred } from "../async/deferred.js";
import {
	EasyRemoteError,
	isEasyRemoteError,
} from "../errors/easyremote-error.js";
import type { ErrorCode } from "../errors/error-codes.js";
import { isThenable } from "../functions/checked-result.js";
import { parseDuration } from "../functions/duration.js";
import type { Clock } from "../time/clock.js";
import { DEFAULT_HOOK_TIMEOUT_MS } from "./check-plugins.js";
import type {
	FailedCall,
	FinishedCall,
	Plugin,
	PluginCall,
	PluginHook,
	PluginNode,
} from "./plugin.js";

/** Codes with which `beforeFunctionCall` refuses a call on purpose; any other error is the plugin's own failure. */
export const REFUSALS: ReadonlySet<ErrorCode> = new Set<ErrorCode>([
	"INVALID_ARGUMENT",
	"UNAUTHENTICATED",
	"PERMISSION_DENIED",
	"NOT_FOUND",
	"RESOURCE_EXHAUSTED",
	"UNAVAILABLE",
]);

/** Hooks that nobody waits for, under way at once; of a plugin too slow to keep up, further ones are skipped. */
const MOST_PENDING = 10_000;

/** A plugin did not do its part. */
export interface PluginFailure {
	readonly plugin: string;
	readonly hook: PluginHook;
	/** In words, for the log. */
	readonly reason: string;
}

export interface PluginHooksOptions {
	/** Checked. */
	readonly plugins: readonly Plugin[];
	readonly clock: Clock;
	/** Hears of each failure; must not throw. */
	readonly failed: (failure: PluginFailure) => void;
}

/** Tells plugins, one after the other in their order, and goes on whatever they do. */
export class PluginHooks {
	readonly #plugins: readonly Plugin[];
	readonly #clock: Clock;
	readonly #tellFailed: (failure: PluginFailure) => void;
	readonly #failures = new Map<string, number>();
	readonly #pending = new Set<Promise<void>>();

	constructor({ plugins, clock, failed }: PluginHooksOptions) {
		this.#plugins = plugins;
		this.#clock = clock;
		this.#tellFailed = failed;
	}

	/** How often each plugin has failed. */
	get failures(): Readonly<Record<string, number>> {
		return Object.fromEntries(
			this.#plugins.map(({ name }) => [name, this.#failures.get(name) ?? 0]),
		);
	}

	/**
	 * Asks whether a call may go on; undefined where no plugin wants to be asked.
	 * Rejects with the refusal of the first that refuses it: the others are not asked.
	 */
	before(call: PluginCall): Promise<void> | undefined {
		if (!this.#has("beforeFunctionCall")) return undefined;
		return this.#ask(call);
	}

	/** A call is over. */
	over(call: FinishedCall, error: EasyRemoteError | undefined): void {
		if (error) this.#tell<FailedCall>("onFunctionError", { ...call, error });
		else this.#tell("afterFunctionCall", call);
	}

	joined(node: PluginNode): void {
		this.#tell("onNodeJoin", node);
	}

	left(node: PluginNode): void {
		this.#tell("onNodeLeave", node);
	}

	/** Lets hooks under way finish, and plugins close. Never rejects; no hook takes longer than its time. */
	async close(): Promise<void> {
		await Promise.all(this.#pending);
		await this.#tellAll("close", undefined);
	}

	async #ask(call: PluginCall): Promise<void> {
		for (const plugin of this.#plugins) {
			const thrown = await this.#run(plugin, "beforeFunctionCall", call);
			if (!thrown) continue;
			const refusal = asRefusal(thrown.reason, call);
			if (refusal) throw refusal;
			this.#failed(plugin, "beforeFunctionCall", thrown.reason);
		}
	}

	#tell<T>(hook: PluginHook, event: T): void {
		if (!this.#has(hook)) return;
		if (this.#pending.size >= MOST_PENDING) {
			for (const plugin of this.#plugins)
				if (plugin[hook]) this.#failed(plugin, hook, tooBusy());
			return;
		}
		const telling = this.#tellAll(hook, event).finally(() =>
			this.#pending.delete(telling),
		);
		this.#pending.add(telling);
	}

	async #tellAll(hook: PluginHook, event: unknown): Promise<void> {
		for (const plugin of this.#plugins) {
			const thrown = await this.#run(plugin, hook, event);
			if (thrown) this.#failed(plugin, hook, thrown.reason);
		}
	}

	/** Runs one hook until it is done or its time is up. Answers what it threw; never rejects. */
	async #run(
		plugin: Plugin,
		hook: PluginHook,
		event: unknown,
	): Promise<{ readonly reason: unknown } | undefined> {
		const run: unknown = Reflect.get(plugin, hook);
		if (typeof run !== "function") return undefined;
		try {
			const done: unknown = Reflect.apply(run, plugin, [event]);
			if (isThenable(done)) await this.#inTime(plugin, done);
			return undefined;
		} catch (reason) {
			return { reason };
		}
	}

	async #inTime(plugin: Plugin, done: PromiseLike<unknown>): Promise<void> {
		const { timeout } = plugin;
		const timeoutMs =
			timeout === undefined ? DEFAULT_HOOK_TIMEOUT_MS : parseDuration(timeout);
		const late = deferred<never>();
		const cancelTimer = this.#clock.schedule(timeoutMs, () =>
			late.reject(new Error(`it was not done after ${timeoutMs} ms`)),
		);
		try {
			await Promise.race([done, late.promise]);
		} finally {
			cancelTimer();
		}
	}

	#failed({ name }: Plugin, hook: PluginHook, reason: unknown): void {
		this.#failures.set(name, (this.#failures.get(name) ?? 0) + 1);
		this.#tellFailed({
			plugin: name,
			hook,
			reason:
				reason instanceof Error
					? `${reason.name}: ${reason.message}`
					: "it threw something that is no error",
		});
	}

	#has(hook: PluginHook): boolean {
		return this.#plugins.some((plugin) => plugin[hook] !== undefined);
	}
}

/** The plugin's error as the caller of this call gets it. */
function asRefusal(
	thrown: unknown,
	{ id }: PluginCall,
): EasyRemoteError | undefined {
	if (!isEasyRemoteError(thrown) || !REFUSALS.has(thrown.code))
		return undefined;
	const { code, message, hint, details, retryable } = thrown;
	return new EasyRemoteError(code, message, {
		hint,
		details,
		retryable,
		callId: id,
	});
}

function tooBusy(): Error {
	return new Error(`${MOST_PENDING} hooks are under way already`);
}
