import { way, type WayOut } from "./way-out.js";

/** A document's element that loads something; in a Worker there is no document to put it into. */
const element = (
	name: string,
	make: string,
	control: WayOut["control"] = "page",
): WayOut =>
	way(
		`<${name}>`,
		control,
		`const element = document.createElement("${name.split(" ")[0] ?? ""}");
		${make}
		document.body.append(element);
		return "put into the document";`,
	);

const inWorker = `fetch("SINK/inside")`;
/** A nested Worker by an address that carries its own code. */
const nested = (
	name: string,
	address: string,
	options = "",
	control: WayOut["control"] = "worker",
): WayOut =>
	way(
		name,
		control,
		`const code = ${JSON.stringify(inWorker)}.replace("SINK", sink.url);
		new Worker(${address}${options});
		return "started";`,
	);

const stun = (scheme: string): string => `
	const peer = new RTCPeerConnection({
		iceServers: [{ urls: ${scheme}, username: "a", credential: "b" }],
	});
	peer.createDataChannel("x");
	await peer.setLocalDescription();
	await new Promise((resolve) => setTimeout(resolve, 500));
	return "gathering";`;

/** Ways to send a packet, or to have one sent. */
export const NETWORK_WAYS: readonly WayOut[] = [
	way("fetch", "worker", `return (await fetch(sink.url)).status`),
	way(
		"fetch without CORS",
		"worker",
		`return (await fetch(sink.url, { mode: "no-cors" })).type`,
	),
	way(
		"fetch that outlives its page",
		"worker",
		`return (await fetch(sink.url, { method: "POST", body: "x", keepalive: true, mode: "no-cors" })).type`,
	),
	way(
		"fetch later",
		"page",
		`fetchLater(sink.url, { activateAfter: 0 }); return "planned"`,
	),
	way(
		"fetch of the own origin",
		"page",
		`return (await fetch("/")).status + sink.secret`,
	),
	way(
		"fetch by a Request",
		"worker",
		`return (await fetch(new Request(sink.url))).status`,
	),
	way(
		"XMLHttpRequest",
		"worker",
		`
		const request = new XMLHttpRequest();
		request.open("GET", sink.url);
		request.send();
		return new Promise((resolve) => { request.onloadend = () => resolve(request.status); });`,
	),
	way(
		"XMLHttpRequest that blocks",
		"worker",
		`
		const request = new XMLHttpRequest();
		request.open("GET", sink.url, false);
		request.send();
		return request.status;`,
	),
	way(
		"WebSocket",
		"worker",
		`
		const socket = new WebSocket(sink.ws);
		return new Promise((resolve) => { socket.onopen = socket.onerror = ({ type }) => resolve(type); });`,
	),
	way(
		"WebSocketStream",
		"nowhere",
		`return (await new WebSocketStream(sink.ws).opened).protocol`,
	),
	way(
		"WebTransport",
		"worker",
		`
		const session = new WebTransport("https://" + sink.udp);
		await session.ready;
		return "ready";`,
	),
	way(
		"EventSource",
		"worker",
		`
		const source = new EventSource(sink.url);
		return new Promise((resolve) => { source.onopen = source.onerror = ({ type }) => resolve(type); });`,
	),
	way("sendBeacon", "page", `return navigator.sendBeacon(sink.url, "x")`),
	way(
		"a socket of isolated apps",
		"nowhere",
		`return (await new TCPSocket("127.0.0.1", Number(sink.tcp.split(":")[1])).opened).remotePort`,
	),
	way(
		"import()",
		"worker",
		`return Object.keys(await import(sink.url + "/module.js"))`,
	),
	way(
		"import() of a name",
		"worker",
		`return Object.keys(await import("http://" + sink.host + "/module.js"))`,
	),
	way(
		"import() of data: that imports",
		"worker",
		`return Object.keys(await import("data:text/javascript,import'" + sink.url + "/module.js'"))`,
	),
	way(
		"import() of blob: that imports",
		"worker",
		`
		const code = "import '" + sink.url + "/module.js'";
		return Object.keys(await import(URL.createObjectURL(new Blob([code], { type: "text/javascript" }))));`,
	),
	way(
		"import() of JSON",
		"worker",
		`return Object.keys(await import(sink.url + "/data.json", { with: { type: "json" } }))`,
	),
	way(
		"a static import",
		"worker",
		`return "loaded"`,
		`import "SINK/module.js";`,
	),
	way(
		"a static export from",
		"worker",
		`return "loaded"`,
		`export * from "SINK/module.js";`,
	),
	way(
		"importScripts",
		"classic worker",
		`importScripts(sink.url + "/module.js"); return "imported"`,
	),
	way(
		"a source map",
		"nowhere",
		`return new Error().stack.length`,
		`//# sourceMappingURL=SINK/map.json`,
	),
	way(
		"WebAssembly.compileStreaming",
		"worker",
		`return await WebAssembly.compileStreaming(fetch(sink.url + "/x.wasm"))`,
	),
	way("RTCPeerConnection with STUN", "page", stun(`"stun:" + sink.udp`)),
	way(
		"RTCPeerConnection with TURN over TCP",
		"page",
		stun(`"turn:" + sink.tcp + "?transport=tcp"`),
	),
	way("RTCPeerConnection with a name", "page", stun(`"stun:" + sink.host`)),
	nested("a Worker of http:", `sink.url + "/module.js"`, "", "nowhere"),
	nested(
		"a Worker of blob:",
		`URL.createObjectURL(new Blob([code], { type: "text/javascript" }))`,
	),
	nested(
		"a Worker of data:",
		`"data:text/javascript," + encodeURIComponent(code)`,
	),
	nested(
		"a module Worker of data:",
		`"data:text/javascript," + encodeURIComponent(code)`,
		`, { type: "module" }`,
	),
	way(
		"a SharedWorker of blob:",
		"page",
		`
		const code = "fetch('" + sink.url + "')";
		new SharedWorker(URL.createObjectURL(new Blob([code], { type: "text/javascript" })));
		return "started";`,
	),
	way(
		"a service worker",
		"page",
		`
		const { scope } = await navigator.serviceWorker.register("/test/module.js");
		return scope + sink.secret;`,
	),
	way(
		"a paint worklet",
		"page",
		`await CSS.paintWorklet.addModule(sink.url + "/module.js"); return "added"`,
	),
	way(
		"an audio worklet",
		"page",
		`await new OfflineAudioContext(1, 1, 8000).audioWorklet.addModule(sink.url + "/module.js"); return "added"`,
	),
	way(
		"a font of this Worker",
		"worker",
		`
		const font = new FontFace("leak", "url(" + sink.url + "/font.woff2)");
		return (await font.load()).status;`,
	),
	way(
		"an image of a canvas' filter",
		"nowhere",
		`
		const canvas = new OffscreenCanvas(1, 1).getContext("2d");
		canvas.filter = "url(" + sink.url + "/filter.svg#a)";
		canvas.fillRect(0, 0, 1, 1);
		return canvas.filter;`,
	),
	way(
		"leaving for another address",
		"page",
		`location.href = sink.url; return location.href.slice(0, 100)`,
	),
	way("location.replace", "page", `location.replace(sink.url); return "left"`),
	way(
		"moving the parent",
		"page",
		`parent.location = sink.url; return "moved"`,
	),
	way("moving the top", "page", `top.location.href = sink.url; return "moved"`),
	way("window.open", "page", `return String(open(sink.url))`),
	way(
		"a form",
		"page",
		`
		const form = document.createElement("form");
		form.action = sink.url;
		document.body.append(form);
		form.submit();
		return "submitted";`,
	),
	way(
		"a link with a ping",
		"page",
		`
		const link = document.createElement("a");
		link.href = "#";
		link.ping = sink.url;
		link.click();
		return "clicked";`,
	),
	element("img", "element.src = sink.url;"),
	element("script", "element.src = sink.url;"),
	element("iframe", "element.src = sink.url;"),
	element("object", "element.data = sink.url;"),
	element(
		"video",
		"element.src = sink.url; element.preload = 'auto'; element.load();",
	),
	element(
		"meta refresh",
		"element.httpEquiv = 'refresh'; element.content = '0;url=' + sink.url;",
	),
	element(
		"style with @import",
		"element.textContent = '@import url(' + sink.url + ');';",
	),
	element(
		"link to a style sheet",
		"element.rel = 'stylesheet'; element.href = sink.url;",
	),
	element(
		"link that prefetches",
		"element.rel = 'prefetch'; element.href = sink.url;",
	),
	element(
		"link that connects",
		"element.rel = 'preconnect'; element.href = sink.url;",
		"nowhere",
	),
	element(
		"link that looks a name up",
		"element.rel = 'dns-prefetch'; element.href = '//' + sink.host;",
		"nowhere",
	),
	way(
		"an image without a document",
		"page",
		`new Image().src = sink.url; return "asked"`,
	),
	way(
		"a notification with an icon",
		"page",
		`
		new Notification("x", { icon: sink.url });
		return Notification.permission === "granted" ? sink.secret : Notification.permission;`,
	),
	way(
		"a report of errors",
		"nowhere",
		`
		reportError(new Error(sink.url));
		return "reported";`,
	),
];
