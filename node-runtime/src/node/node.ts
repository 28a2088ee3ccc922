import type { EasyRemoteError } from "@easyremote/shared/errors";
import type { Register } from "../register/register.js";
import type { NodeEventMap, NodeState } from "./node-events.js";

/** As `EventTarget` takes them. */
export interface ListenerOptions {
	readonly once?: boolean;
	/** Removes the listener when it fires. */
	readonly signal?: AbortSignal;
}

/** A process that serves functions. */
export interface Node extends AsyncDisposable {
	/** Under which callers find it: "gpu-1.resize". */
	readonly id: string;
	readonly state: NodeState;
	/** Adds functions; once the node serves, they are announced at once. */
	readonly register: Register;
	/**
	 * Loads the modules that were registered by URL anew, with all they import, and puts their functions in the place of the
	 * former ones: calls that run finish with what they began with. Resolves with the functions' names. Rejects with
	 * INVALID_ARGUMENT where a module cannot be loaded, and leaves everything as it was. Meant for development: the former
	 * modules stay in memory.
	 */
	reload(): Promise<readonly string[]>;
	/**
	 * Resolves when all is over: with the reason where the gateway ended it (its refusal, another process with the same
	 * id), with undefined after `close`. It never rejects.
	 */
	readonly closed: Promise<EasyRemoteError | undefined>;
	/**
	 * Connects, and resolves when the gateway has accepted the functions. While the gateway is out of reach it keeps
	 * trying, then and later (see the event "state"). Rejects when the gateway refuses the node (UNAUTHENTICATED,
	 * PERMISSION_DENIED, ALREADY_EXISTS, …), when a module cannot be loaded (INVALID_ARGUMENT), or when the node is closed.
	 */
	serve(): Promise<void>;
	/** Takes no more calls, lets running ones finish for up to `drainTimeout`, then disconnects. Never rejects. */
	close(): Promise<void>;
	addEventListener<T extends keyof NodeEventMap>(
		type: T,
		listener: (event: NodeEventMap[T]) => void,
		options?: ListenerOptions,
	): void;
	removeEventListener<T extends keyof NodeEventMap>(
		type: T,
		listener: (event: NodeEventMap[T]) => void,
	): void;
}
