import { type IncomingMessage, STATUS_CODES } from "node:http";
import type { Duplex } from "node:stream";
import { EasyRemoteError } from "@easyremote/shared/errors";
import { NAME_PATTERN } from "@easyremote/shared/protocol";
import { WebSocketServer } from "ws";
import type { GatewayLimits } from "../config/gateway-limits.js";
import type { SocketPath } from "../socket/greeting.js";
import type { ArrivingSocket } from "../socket/socket-door.js";
import type { TrustedProxies } from "../auth/trusted-proxies.js";
import { readBearer } from "./bearer.js";
import { type OriginPolicy, originRefused } from "./origin-policy.js";
import { PROBLEM_TYPE, toProblem } from "./problem.js";
import { upgradeAuthContext } from "./request-context.js";

export interface UpgradeDoorOptions {
	readonly limits: Pick<GatewayLimits, "maxMessageBytes" | "maxFragments">;
	/** Which pages may come in by which door. */
	readonly policies: Readonly<Record<SocketPath["role"], OriginPolicy>>;
	readonly proxies: TrustedProxies;
	/** While false, everybody is told to come back later. */
	readonly ready: () => boolean;
	readonly accept: (arriving: ArrivingSocket) => void;
}

/** Turns requests for `/clients` and `/nodes/{nodeId}` into WebSockets, or refuses them in the words of HTTP. */
export function createUpgradeDoor(
	options: UpgradeDoorOptions,
): (request: IncomingMessage, socket: Duplex, head: Buffer) => void {
	const server = new WebSocketServer({
		noServer: true,
		maxPayload: options.limits.maxMessageBytes,
		maxFragments: options.limits.maxFragments,
		// Measured: compression costs the relay 25 × its CPU.
		perMessageDeflate: false,
		clientTracking: false,
	});
	return (request, socket, head) => {
		// Until ws takes over, a reset must not end the process.
		const ignore = () => undefined;
		socket.on("error", ignore);
		try {
			const path = readPath(request);
			const { origin } = request.headers;
			const context = upgradeAuthContext(request, options.proxies);
			if (
				origin !== undefined &&
				!options.policies[path.role].allows(origin, context)
			)
				throw originRefused(origin);
			const credential = readBearer(request.headers.authorization);
			if (!options.ready()) {
				throw new EasyRemoteError(
					"UNAVAILABLE",
					"the gateway is shutting down",
					{ retryAfterMs: 1_000 },
				);
			}
			server.handleUpgrade(request, socket, head, (upgraded) => {
				socket.off("error", ignore);
				// From its first moment: an error without a listener ends the process. What it means, `close` says.
				upgraded.on("error", () => undefined);
				options.accept({
					socket: upgraded,
					stream: socket,
					path,
					context,
					credential,
				});
			});
		} catch (error) {
			refuse(socket, error);
		}
	};
}

function readPath(request: IncomingMessage): SocketPath {
	const [path = ""] = (request.url ?? "").split("?", 1);
	if (path === "/clients") return { role: "client" };
	const nodeId = /^\/nodes\/([^/]*)$/.exec(path)?.[1];
	if (nodeId === undefined) {
		throw new EasyRemoteError("NOT_FOUND", "there is no WebSocket here", {
			hint: "Clients connect to /clients, nodes to /nodes/{nodeId}.",
		});
	}
	if (NAME_PATTERN.test(nodeId)) return { role: "node", nodeId };
	throw new EasyRemoteError(
		"INVALID_ARGUMENT",
		"the node id in the path is not a valid name",
		{
			hint: `Names match ${NAME_PATTERN.source}.`,
		},
	);
}

function refuse(socket: Duplex, error: unknown): void {
	const problem = toProblem(error);
	const body = JSON.stringify(problem);
	const head = [
		`HTTP/1.1 ${problem.status} ${STATUS_CODES[problem.status] ?? ""}`,
		"connection: close",
		`content-type: ${PROBLEM_TYPE}`,
		`content-length: ${Buffer.byteLength(body)}`,
	];
	// Node's server leaves our half open for as long as the other end likes.
	socket.end(`${head.join("\r\n")}\r\n\r\n${body}`, () => socket.destroy());
}
