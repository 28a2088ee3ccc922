import { way, type WayOut } from "./way-out.js";

/** The global object by a road that no name guards. */
const everyRoad = `
	const roads = [];
	for (let at = globalThis; at; at = Object.getPrototypeOf(at)) roads.push(at);
	const found = roads.flatMap((at) => ["fetch", "XMLHttpRequest", "WebSocket", "Worker", "importScripts", "indexedDB"]
		.filter((name) => { try { return at[name] !== undefined; } catch { return true; } }));`;

const openDatabase = `
	const database = await new Promise((resolve, reject) => {
		const request = indexedDB.open("store");
		request.onsuccess = () => resolve(request.result);
		request.onerror = () => reject(request.error);
	});`;

/** Ways to read what belongs to the page, the device, or another context; and to get back what was taken away. */
export const REACH_WAYS: readonly WayOut[] = [
	way("localStorage", "page", `return localStorage.getItem("secret")`),
	way("sessionStorage", "page", `return sessionStorage.getItem("secret")`),
	way("document.cookie", "page", `return document.cookie`),
	way("cookieStore", "page", `return (await cookieStore.get("secret")).value`),
	way(
		"IndexedDB",
		"worker",
		`${openDatabase}
		const request = database.transaction("store").objectStore("store").get("secret");
		return new Promise((resolve) => { request.onsuccess = () => resolve(request.result); });`,
	),
	way(
		"names of databases",
		"worker",
		`return (await indexedDB.databases()).map((each) => each.name) + sink.secret`,
	),
	way(
		"caches",
		"page",
		`return (await (await caches.match("/secret")).text())`,
	),
	way(
		"the origin's private files",
		"worker",
		`
		const folder = await navigator.storage.getDirectory();
		return (await (await folder.getFileHandle("secret")).getFile()).text();`,
	),
	way(
		"storage buckets",
		"worker",
		`return (await navigator.storageBuckets.open("x")).name + sink.secret`,
	),
	way(
		"room of storage",
		"worker",
		`return (await navigator.storage.estimate()).quota + sink.secret`,
	),
	way(
		"a BroadcastChannel",
		"worker",
		`
		const channel = new BroadcastChannel("leak");
		channel.postMessage(sink.url);
		return new Promise((resolve) => { channel.onmessage = ({ data }) => resolve(data); });`,
	),
	way(
		"locks",
		"worker",
		`return JSON.stringify(await navigator.locks.query()) + sink.secret`,
	),
	way(
		"the parent's document",
		"page",
		`return parent.document.title + sink.secret`,
	),
	way("the top's storage", "page", `return top.localStorage.getItem("secret")`),
	way(
		"frames of the parent",
		"page",
		`return parent.frames.length + sink.secret`,
	),
	way("the opener", "nowhere", `return opener.location.href + sink.secret`),
	way(
		"a message to the parent",
		"page",
		`parent.postMessage(sink.url, "*"); return "sent" + sink.secret`,
	),
	way(
		"a message to whoever made this Worker",
		"nowhere",
		`
		const { port1, port2 } = new MessageChannel();
		postMessage({ type: "spawn", worker: 1, boot: { port: port2 } }, [port2]);
		return sink.secret;`,
	),
	way(
		"the boot message again",
		"nowhere",
		`
		dispatchEvent(new MessageEvent("message", { data: { port: new MessageChannel().port1, code: new ArrayBuffer(0) } }));
		return "booted";`,
	),
	way(
		"geolocation",
		"page",
		`
		await new Promise((resolve, reject) => navigator.geolocation.getCurrentPosition(resolve, reject));
		return sink.secret;`,
	),
	way(
		"permissions",
		"worker",
		`return (await navigator.permissions.query({ name: "geolocation" })).state + sink.secret`,
	),
	way(
		"clipboard",
		"page",
		`
		await navigator.clipboard.writeText(sink.secret);
		return navigator.clipboard.readText();`,
	),
	way(
		"camera and microphone",
		"page",
		`return typeof navigator.mediaDevices.enumerateDevices + sink.secret`,
	),
	way(
		"screen capture",
		"nowhere",
		`return (await navigator.mediaDevices.getDisplayMedia()).id + sink.secret`,
	),
	way(
		"Bluetooth",
		"nowhere",
		`return (await navigator.bluetooth.getAvailability()) + sink.secret`,
	),
	way(
		"USB",
		"worker",
		`return (await navigator.usb.getDevices()).length + sink.secret`,
	),
	way(
		"serial ports",
		"worker",
		`return (await navigator.serial.getPorts()).length + sink.secret`,
	),
	way(
		"HID",
		"worker",
		`return (await navigator.hid.getDevices()).length + sink.secret`,
	),
	way(
		"MIDI",
		"nowhere",
		`return (await navigator.requestMIDIAccess()).inputs.size + sink.secret`,
	),
	way(
		"gamepads",
		"page",
		`return navigator.getGamepads().length + sink.secret`,
	),
	way(
		"a push subscription",
		"nowhere",
		`return (await registration.pushManager.getSubscription()) + sink.secret`,
	),
	way(
		"idle detection",
		"nowhere",
		`return (await IdleDetector.requestPermission()) + sink.secret`,
	),
	way(
		"credentials",
		"page",
		`return typeof navigator.credentials.get + sink.secret`,
	),
	way(
		"details of the machine",
		"worker",
		`
		const { model } = await navigator.userAgentData.getHighEntropyValues(["model"]);
		return model + navigator.deviceMemory + sink.secret;`,
	),
	way(
		"the connection's kind",
		"worker",
		`return navigator.connection.effectiveType + sink.secret`,
	),
	way(
		"pressure of the machine",
		"nowhere",
		`
		await new PressureObserver(() => {}).observe("cpu");
		return sink.secret;`,
	),
	way(
		"the GPU, not allowed",
		"nowhere",
		`return String(navigator.gpu.requestAdapter) + sink.secret`,
	),
	way(
		"memory that threads share",
		"nowhere",
		`return new SharedArrayBuffer(8).byteLength + sink.secret`,
	),
	way(
		"WebAssembly memory that threads share",
		"nowhere",
		`
		const { buffer } = new WebAssembly.Memory({ initial: 1, maximum: 1, shared: true });
		new MessageChannel().port1.postMessage(buffer);
		return sink.secret;`,
	),
	way(
		"a fine clock",
		"nowhere",
		`
		const steps = new Set();
		for (let last = performance.now(); steps.size < 20;) {
			const now = performance.now();
			if (now !== last) steps.add(now - last);
			last = now;
		}
		return Math.min(...steps) < 0.004 ? sink.secret : "coarse";`,
	),
	way("eval", "worker", `return eval("sink.secret")`),
	way(
		"new Function",
		"worker",
		`return new Function("secret", "return secret")(sink.secret)`,
	),
	way(
		"the constructor of functions",
		"worker",
		`return (() => 1).constructor("secret", "return secret")(sink.secret)`,
	),
	way(
		"the constructor of async functions",
		"worker",
		`return await (async () => 1).constructor("secret", "return secret")(sink.secret)`,
	),
	way(
		"the constructor of generators",
		"worker",
		`return (function* () {}).constructor("secret", "yield secret")(sink.secret).next().value`,
	),
	way(
		"a timer of text",
		"worker",
		`
		globalThis.leak = (value) => (globalThis.leaked = value);
		setTimeout("leak(1)");
		await new Promise((resolve) => setTimeout(resolve, 50));
		return globalThis.leaked === 1 ? sink.secret : "not run";`,
	),
	way(
		"prototypes of the global object",
		"worker",
		`${everyRoad}
		return found.length > 0 ? found + sink.secret : "nothing found";`,
	),
	way(
		"this of a sloppy function",
		"nowhere",
		`
		const that = Reflect.apply(Array.prototype.concat, undefined, []).constructor.constructor("return this")();
		return that.fetch + sink.secret;`,
	),
	way(
		"the global object of call sites",
		"nowhere",
		`
		let found;
		Error.prepareStackTrace = (_error, sites) => {
			found = sites.map((site) => site.getThis() ?? site.getFunction()).filter(Boolean);
			return "";
		};
		void new Error().stack;
		return found?.some((each) => each.fetch || each.Worker) ? sink.secret : "nothing found";`,
	),
	way(
		"a getter of the prototype",
		"worker",
		`
		const { get } = Object.getOwnPropertyDescriptor(WorkerGlobalScope.prototype, "indexedDB")
			?? Object.getOwnPropertyDescriptor(globalThis, "indexedDB");
		return get.call(globalThis) + sink.secret;`,
	),
	way(
		"navigator by its prototype",
		"worker",
		`
		const { get } = Object.getOwnPropertyDescriptor(WorkerNavigator.prototype, "storage");
		return get.call(navigator) + sink.secret;`,
	),
	way(
		"another realm by structuredClone",
		"nowhere",
		`
		const { constructor } = structuredClone(new Error("x")).constructor;
		return constructor("return this.fetch")() + sink.secret;`,
	),
	way(
		"a new realm",
		"nowhere",
		`return new ShadowRealm().evaluate("typeof fetch") + sink.secret`,
	),
	way(
		"a frame of one's own",
		"page",
		`
		const frame = document.createElement("iframe");
		document.body.append(frame);
		return frame.contentWindow.fetch + sink.secret;`,
	),
	way(
		"file pickers",
		"nowhere",
		`return (await showOpenFilePicker()).length + sink.secret`,
	),
];
