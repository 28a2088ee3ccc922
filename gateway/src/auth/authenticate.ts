import type { Principal } from "./principal.js";

/** What is known of someone who wants in, besides the credential. */
export interface AuthContext {
	/** Remote IP address of the connection. */
	readonly address: string;
	/** The `Host` header: tells a name that was rebound to this machine from the machine's own. */
	readonly host: string | undefined;
	/** A proxy passed the request on, so that `address` is not the caller's. */
	readonly forwarded: boolean;
}

/**
 * Says who somebody is. `credential` is an API key; undefined is nobody in particular.
 * Rejects with UNAUTHENTICATED (none where one is needed, or one that is not valid, whatever else is allowed)
 * and RESOURCE_EXHAUSTED (too many bad ones from this address).
 */
export type Authenticate = (
	credential: string | undefined,
	context: AuthContext,
) => Promise<Principal>;
