import { createSocket, type Socket } from "node:dgram";
import { isIPv6 } from "node:net";
import { EasyRemoteError } from "@easyremote/shared/errors";
import type { Clock } from "@easyremote/shared/time";
import type { GatewayLimits } from "../config/gateway-limits.js";
import { TokenBuckets } from "../limits/token-buckets.js";
import { readBindingRequest, writeBindingResponse } from "./stun-message.js";

export interface StunResponderOptions {
	readonly host: string;
	/** 0 picks a free one. */
	readonly port: number;
	readonly clock: Clock;
	/** How many requests an address may make. */
	readonly limits: Pick<GatewayLimits, "stunBurst" | "stunPerSecond">;
}

/** A STUN binding responder, listening. */
export interface StunResponder {
	readonly port: number;
	close(): Promise<void>;
}

/**
 * Answers STUN binding requests on UDP (RFC 8489): tells a peer the address its packets come from, which is
 * how peers behind NATs find each other. Anything else that arrives is ignored. `port` 0 picks a free one.
 * Throws UNAVAILABLE if the port cannot be had.
 */
export async function openStunResponder(
	options: StunResponderOptions,
): Promise<StunResponder> {
	const socket = createSocket(isIPv6(options.host) ? "udp6" : "udp4");
	const buckets = new TokenBuckets({
		burst: options.limits.stunBurst,
		perSecond: options.limits.stunPerSecond,
		clock: options.clock,
	});
	socket.on("message", (datagram, from) => {
		const request = readBindingRequest(datagram);
		if (!request || !buckets.take(from.address)) return;
		// A failed send is a lost datagram; the peer asks again.
		socket.send(
			writeBindingResponse(request, from.address, from.port),
			from.port,
			from.address,
			() => undefined,
		);
	});
	await bind(socket, options.host, options.port);
	return { port: socket.address().port, close: () => closeSocket(socket) };
}

function bind(socket: Socket, host: string, port: number): Promise<void> {
	return new Promise((resolve, reject) => {
		const refused = (cause: Error) => {
			socket.close();
			reject(
				new EasyRemoteError(
					"UNAVAILABLE",
					`cannot listen on UDP ${host}:${port} for STUN: ${cause.message}`,
					{
						hint: 'Free the port, or choose another STUN server: ice: { stun: "stun:host:port" } or false.',
						cause,
					},
				),
			);
		};
		socket.once("error", refused);
		socket.bind({ address: host, port, exclusive: true }, () => {
			socket.off("error", refused);
			// Later errors concern single datagrams (ICMP refusals).
			socket.on("error", () => undefined);
			resolve();
		});
	});
}

function closeSocket(socket: Socket): Promise<void> {
	return new Promise((resolve) => {
		socket.close(() => {
			resolve();
		});
	});
}
