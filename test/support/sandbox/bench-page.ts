// A donor's page without a node: the sandbox, and a Worker that calls what runs in it.
import { SandboxFrames } from "@easyremote/browser-node/sandbox";
import { toWireError } from "@easyremote/shared/errors";
import { proxy, wrap } from "comlink";
import type { BenchWorkerApi, TestCall, TestOutcome } from "./bench-port.js";

declare global {
	interface Window {
		/** Runs a call of a bundle in the sandbox. */
		callSandboxed(call: TestCall): Promise<TestOutcome>;
	}
}

const worker = wrap<BenchWorkerApi>(
	new Worker(new URL("./bench-worker.ts", import.meta.url), { type: "module" }),
);
const frames = new SandboxFrames({
	url: new URL("/sandbox.html", location.href),
	failed: (id, error) => void worker.failed(id, toWireError(error)),
});
await worker.begin(
	proxy({
		spawnSandboxed: (id, port, bundle) => frames.spawn(id, port, bundle),
		terminateSandboxed: (id) => frames.terminate(id),
		checkSandbox: () => frames.check(),
	}),
);
window.callSandboxed = (call) => worker.call(call);
