/** The peer leaves on its own accord. */
export const normal = 1000;
/** The gateway restarts: come back. */
export const restart = 1012;
/** The peer broke the protocol. */
export const protocol = 4400;
/** No, bad, expired or revoked credential. */
export const unauthenticated = 4401;
/** The credential does not allow this. */
export const denied = 4403;
/** No `hello` in time. */
export const helloTimeout = 4408;
/** The same identity connected anew elsewhere. */
export const replaced = 4409;
/** Too many connections, or reading too slowly. */
export const overloaded = 4429;
/** The closing side failed, or may not say more (browsers cannot send codes below 3000). */
export const failed = 4500;
