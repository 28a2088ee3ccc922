import { EasyRemoteError } from "@easyremote/shared/errors";

const SOCKET_SCHEMES: ReadonlyMap<string, string> = new Map([
	["http:", "ws:"],
	["https:", "wss:"],
	["ws:", "ws:"],
	["wss:", "wss:"],
]);

/**
 * The gateway's door for a node, from the address that people use in a browser: "https://gw.example.com" and the id
 * "gpu-1" make "wss://gw.example.com/nodes/gpu-1". Throws INVALID_ARGUMENT for what is no such address.
 */
export function nodeDoor(gateway: string, nodeId: string): string {
	const url = URL.canParse(gateway) ? new URL(gateway) : undefined;
	const scheme = url && SOCKET_SCHEMES.get(url.protocol);
	if (!url || !scheme) {
		throw new EasyRemoteError(
			"INVALID_ARGUMENT",
			`"${gateway}" is not the address of a gateway`,
			{
				hint: 'write it as "http://localhost:8080" or "https://gw.example.com"',
			},
		);
	}
	if (url.username !== "" || url.password !== "") {
		throw new EasyRemoteError(
			"INVALID_ARGUMENT",
			"the gateway's address holds a credential, which logs on the way would show",
			{ hint: "pass it as `key`" },
		);
	}
	const path = url.pathname.replace(/\/+$/, "");
	return `${scheme}//${url.host}${path}/nodes/${nodeId}`;
}
