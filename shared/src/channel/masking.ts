/** Options of the `ws` package about masking. */
export interface SocketMasking {
	readonly generateMask?: (mask: Uint8Array) => void;
}

/**
 * Options of the `ws` package for a connection to `url`. Clients mask what they send with an unpredictable key, lest a
 * proxy on the way take it for a request (RFC 6455 §10.3). Inside TLS, and within one machine, no proxy reads along: the
 * key may be all zeros there, which spares both ends the work and this one a copy of every message.
 */
export function maskingFor(url: string): SocketMasking {
	const { protocol, hostname } = new URL(url);
	const unread = protocol === "wss:" || LOOPBACK.test(hostname);
	return unread ? { generateMask: (mask) => void mask.fill(0) } : {};
}

const LOOPBACK = /^(localhost|127\.\d+\.\d+\.\d+|\[::1\])$/;
