import type { AddressInfo } from "node:net";
import type { Hono } from "hono";
import type { HttpEnv } from "./http/http-env.js";

/** `idle`: not listening yet. `listening`: taking work. `draining`: finishing what runs. `closed`: for good. */
export type GatewayState = "idle" | "listening" | "draining" | "closed";

/**
 * A gateway. It is listening once `listen` has resolved, and gone once `close` has.
 * A `state` event tells of each new state.
 */
export interface Gateway extends EventTarget {
	/** The HTTP side as a Hono app: to call without a socket (`app.request`), or to mount elsewhere. */
	readonly app: Hono<HttpEnv>;
	readonly state: GatewayState;
	/** Where it can be reached, without a slash at the end. Throws UNAVAILABLE before `listen`. */
	readonly url: string;
	/** Throws UNAVAILABLE before `listen`. */
	readonly port: number;
	/** What the socket is bound to. Throws UNAVAILABLE before `listen`. */
	readonly address: AddressInfo;
	/** Whether everybody on this machine may do everything: a loopback address, and no key ever made. */
	readonly developmentMode: boolean;
	/** The admin key, if this start has made it because there was none. It is not kept: note it down. */
	readonly initialKey: string | undefined;
	/**
	 * Starts. Throws UNAVAILABLE if the port or the store cannot be had, INVALID_ARGUMENT for an unusable certificate.
	 */
	listen(): Promise<void>;
	/** Stops: takes no new work, lets running calls finish (at most `limits.drainTimeoutMs`), and frees everything. */
	close(): Promise<void>;
	[Symbol.asyncDispose](): Promise<void>;
}
