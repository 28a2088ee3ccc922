/**
 * Boot code of a Worker that keeps all it finds: what its module then cannot do, only the frame's policy forbids.
 * Says as much as one function needs.
 */
export const BARE_BOOT = `
onmessage = ({ data: { port, code } }) => {
	const url = URL.createObjectURL(new Blob([code], { type: "text/javascript" }));
	import(url).then(({ attempt }) => {
		port.onmessage = async ({ data: { call, args } }) =>
			port.postMessage({ type: "result", call, value: await attempt(...args) });
		const functions = [{ name: "attempt", public: true, authRequired: false, idempotent: false, stream: false }];
		port.postMessage({ type: "ready", functions });
	}, (error) => port.postMessage({ type: "load_failed", error: { name: "Error", message: String(error) } }));
};`;
