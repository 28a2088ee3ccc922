/** The WebSocket address at which a gateway takes a node: `https://gw.example.com` → `wss://gw.example.com/nodes/<id>`. */
export function nodeDoor(gateway: string, id: string): string {
	const url = new URL(gateway);
	url.protocol =
		url.protocol === "https:" || url.protocol === "wss:" ? "wss:" : "ws:";
	url.pathname = `${url.pathname.replace(/\/$/, "")}/nodes/${encodeURIComponent(id)}`;
	url.search = "";
	url.hash = "";
	return url.href;
}
