import type { ClientCertificate } from "./client-certificate.js";
import type { Principal } from "./principal.js";

/** What is known of someone who wants in, besides the credential. */
export interface AuthContext {
	/** IP address of the caller: the connection's, or what a trusted proxy says. */
	readonly address: string;
	/** The `Host` header: tells a name that was rebound to this machine from the machine's own. */
	readonly host: string | undefined;
	/** A proxy that is not trusted passed the request on, so that `address` is not the caller's. */
	readonly forwarded: boolean;
	/** The caller's side of the connection is known to be encrypted. */
	readonly secure?: boolean;
	/** The certificate that the caller has shown in the TLS handshake, whatever it is worth. */
	readonly certificate?: ClientCertificate | undefined;
}

/**
 * Says who somebody is. `credential` is an API key or a JWT; undefined is nobody in particular, but for a certificate.
 * Rejects with UNAUTHENTICATED (none where one is needed, or one that is not valid, whatever else is allowed),
 * RESOURCE_EXHAUSTED (too many bad ones from this address) and UNAVAILABLE (the issuer's keys cannot be had).
 */
export type Authenticate = (
	credential: string | undefined,
	context: AuthContext,
) => Promise<Principal>;
