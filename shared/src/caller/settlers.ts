import type { EasyRemoteError } from "../errors/easyremote-error.js";

/** How a run tells its promise. */
export interface Settlers {
	readonly resolve: (value: unknown) => void;
	readonly reject: (error: EasyRemoteError) => void;
}
