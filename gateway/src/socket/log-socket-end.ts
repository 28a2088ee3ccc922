import type { EasyRemoteError } from "@easyremote/shared/errors";
import type { Logger } from "pino";
import type { Principal } from "../auth/principal.js";
import type { SocketPath } from "./greeting.js";

/** A socket that is closed, and whose it was. */
export interface EndedSocket {
	readonly id: string;
	readonly path: SocketPath;
	readonly address: string;
	/** Undefined if it never was welcomed. */
	readonly principal: Principal | undefined;
}

/** Logs that a socket is gone: a node that left, a client that closed, or somebody who was not let in. */
export function logSocketEnd(
	log: Logger,
	{ id: connection, path, address, principal }: EndedSocket,
	error: EasyRemoteError | undefined,
): void {
	const { role } = path;
	const end = { connection, code: error?.code, reason: reasonOf(error) };
	if (principal) {
		const { subject } = principal;
		if (path.role === "node")
			log.info({ node: path.nodeId, subject, ...end }, "node left");
		else log.debug({ role, subject, ...end }, "socket closed");
	} else if (error) {
		// Not what it called itself, nor what was wrong: strangers write their keys into the oddest places.
		const { code } = error;
		log.info({ connection, role, address, code }, "socket refused");
	} else log.debug({ connection, role, address }, "socket closed");
}

/** Why, in words of our own; what a schema says of a malformed message quotes that message. */
function reasonOf(error: EasyRemoteError | undefined): string | undefined {
	const quotes =
		error?.code === "INVALID_ARGUMENT" &&
		error.details?.["closeCode"] === undefined;
	return quotes ? "a malformed message" : error?.message;
}
