/** The protocol spoken here. A peer that offers another major version is refused with UNIMPLEMENTED. */
export const PROTOCOL_VERSION = 1;

/** Every timing and size of the protocol; PROTOCOL.md lists them with their reasons. */
export * as PROTOCOL from "./timings-and-sizes.js";

/** Close codes of the gateway's WebSocket doors (4000–4999 are an application's own, RFC 6455 §7.4.2). */
export * as CLOSE_CODES from "./close-codes.js";
