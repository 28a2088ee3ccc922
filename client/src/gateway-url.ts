import { EasyRemoteError } from "@easyremote/shared/errors";

const SCHEMES: ReadonlyMap<string, string> = new Map([
	["http:", "ws:"],
	["https:", "wss:"],
	["ws:", "ws:"],
	["wss:", "wss:"],
]);

/** The door for clients of the gateway at `gateway`, as a WebSocket URL. Throws INVALID_ARGUMENT. */
export function clientDoor(gateway: string): string {
	const url = URL.canParse(gateway) ? new URL(gateway) : undefined;
	const scheme = url && SCHEMES.get(url.protocol);
	if (!url || scheme === undefined) {
		throw new EasyRemoteError(
			"INVALID_ARGUMENT",
			`option "gateway" must be a URL, not "${gateway.slice(0, 200)}"`,
			{
				hint: 'write it like "https://gw.example.com" or "http://127.0.0.1:8080"',
			},
		);
	}
	if (url.username !== "" || url.password !== "" || url.search !== "") {
		throw new EasyRemoteError(
			"INVALID_ARGUMENT",
			'option "gateway" must not carry credentials or a query',
			{ hint: 'pass the key as the option "key"' },
		);
	}
	// Text, since a URL object does not let http become ws.
	return `${scheme}//${placeOf(url)}/clients`;
}

/** Its HTTP side, without a slash at the end, for a `gateway` that `clientDoor` takes. */
export function httpDoor(gateway: string): string {
	const url = new URL(gateway);
	const secure = SCHEMES.get(url.protocol) === "wss:";
	return `${secure ? "https:" : "http:"}//${placeOf(url)}`;
}

function placeOf({ host, pathname }: URL): string {
	return `${host}${pathname.replace(/\/+$/, "")}`;
}
