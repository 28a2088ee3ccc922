// A donor's page without a node: the sandbox, and a Worker that calls what runs in it.
import { SandboxFrames } from "@easyremote/browser-node/sandbox";
import { toWireError } from "@easyremote/shared/errors";
import { proxy, wrap } from "comlink";
import type {
	BenchWorkerApi,
	SeriesReport,
	TestCall,
	TestOutcome,
} from "./bench-port.js";

declare global {
	interface Window {
		/** Runs a call of a bundle in the sandbox. */
		callSandboxed(call: TestCall): Promise<TestOutcome>;
		/** Runs calls one after the other, and posts how they went. */
		reportSeries(calls: readonly TestCall[], to: string): Promise<void>;
	}
}

const worker = wrap<BenchWorkerApi>(
	new Worker(new URL("./bench-worker.ts", import.meta.url), { type: "module" }),
);
const frames = new SandboxFrames({
	url: new URL(
		new URLSearchParams(location.search).get("sandbox") ?? "/sandbox.html",
		location.href,
	),
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
window.reportSeries = async (calls, to) => {
	let longestPauseMs = 0;
	let last = performance.now();
	const pulse = setInterval(() => {
		longestPauseMs = Math.max(longestPauseMs, performance.now() - last);
		last = performance.now();
	}, 50);
	const outcomes: TestOutcome[] = [];
	for (const call of calls) outcomes.push(await worker.call(call));
	clearInterval(pulse);
	const report: SeriesReport = { outcomes, longestPauseMs };
	await fetch(to, { method: "POST", body: JSON.stringify(report) });
};
