import type { EasyRemoteError } from "../errors/easyremote-error.js";
import type { Duration } from "../functions/duration.js";

/** A call as plugins see it: who calls what. Never its arguments, never its result. */
export interface PluginCall {
	/** Id of the call, the same at the caller, in logs and in errors. */
	readonly id: string;
	readonly function: string;
	/** The node it is for; undefined at a gateway that has yet to choose one. */
	readonly nodeId: string | undefined;
	readonly caller: {
		/** Stable id of the principal. */
		readonly id: string;
		/** Human name: of the key, or a token's subject. */
		readonly subject: string;
		/** It has no credential. */
		readonly anonymous: boolean;
	};
}

/** A call that is over. */
export interface FinishedCall extends PluginCall {
	/** From its arrival to its end, ms. */
	readonly durationMs: number;
	/** The path it was on; undefined where it was on none. */
	readonly transport: "direct" | "relay" | undefined;
	/** Answered from a cache: the function was not run for it. */
	readonly cached: boolean;
}

/** A call that ended without an answer, refused ones included. */
export interface FailedCall extends FinishedCall {
	readonly error: EasyRemoteError;
}

/** A node as plugins see it. */
export interface PluginNode {
	readonly nodeId: string;
	/** A compute node runs its owner's functions, a tab is a node in a browser, a donor runs what others published. */
	readonly kind: "compute" | "tab" | "donor";
	readonly tags: readonly string[];
}

/** What a hook gives: nothing, now or later. */
type Done = void | PromiseLike<void>;

/**
 * Something that is told of what a gateway or a node does, and may refuse calls. Each hook has `timeout` to be done. One
 * that throws or is late is reported and skipped, and the next plugin is asked: a plugin that fails changes nothing for
 * calls. What hooks of different calls do may overlap.
 *
 * @example
 * const hours: Plugin = {
 *   name: "office-hours",
 *   beforeFunctionCall: () => {
 *     if (new Date().getHours() < 8) throw new EasyRemoteError("UNAVAILABLE", "we open at eight");
 *   },
 * };
 */
export interface Plugin {
	/** In logs and figures. */
	readonly name: string;
	/** Longest time for one hook ("5s"). */
	readonly timeout?: Duration | undefined;
	/**
	 * A call has come in and is allowed; it waits for this, and takes no place meanwhile. To refuse it, throw an
	 * EasyRemoteError with one of `REFUSALS`: its caller gets that.
	 */
	beforeFunctionCall?(call: PluginCall): Done;
	/** A call was answered; of a stream, up to its end. Nobody waits for this. */
	afterFunctionCall?(call: FinishedCall): Done;
	/** A call failed, was refused or cancelled. Nobody waits for this. */
	onFunctionError?(call: FailedCall): Done;
	/** A node is there: to a gateway, one has connected; to a node, the gateway has accepted it. */
	onNodeJoin?(node: PluginNode): Done;
	/** It is gone. */
	onNodeLeave?(node: PluginNode): Done;
	/** The gateway or node has closed: the last chance to write what is left. */
	close?(): Done;
}

/** The hooks, in the order of a call's life. */
export const PLUGIN_HOOKS = [
	"beforeFunctionCall",
	"afterFunctionCall",
	"onFunctionError",
	"onNodeJoin",
	"onNodeLeave",
	"close",
] as const;

/** One of the hooks. */
export type PluginHook = (typeof PLUGIN_HOOKS)[number];
