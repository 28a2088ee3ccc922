import type { SandboxPage } from "@easyremote/browser-node/worker";
import type { WireError } from "@easyremote/shared/errors";

/** Code as a test publishes it. */
export interface TestBundle {
	readonly code: string;
	/** Of the code, unless the test says something false. */
	readonly sha256?: string;
	readonly webgpu?: boolean;
	readonly isolation?: "reuse" | "call";
	readonly loadTimeoutMs?: number;
	readonly size?: number;
}

/** How a call in the sandbox went: a value, a stream's items, or an error as its caller sees it. */
export interface TestOutcome {
	readonly value?: unknown;
	readonly items?: readonly unknown[];
	readonly error?: WireError;
	/** What the function told meanwhile. */
	readonly told: readonly unknown[];
}

export interface TestCall {
	readonly bundle: TestBundle;
	readonly name: string;
	readonly args?: readonly unknown[];
	/** The first argument is a stream of that many numbers. */
	readonly inputs?: number;
	readonly timeoutMs?: number;
}

/** What a page that was left alone tells of a series of calls. */
export interface SeriesReport {
	readonly outcomes: readonly TestOutcome[];
	/** Longest time the page's thread did not come to its timers, ms. */
	readonly longestPauseMs: number;
}

/** What the page asks of the bench's Worker, which stands for the node Worker of a donor. */
export interface BenchWorkerApi {
	begin(page: SandboxPage): void;
	failed(worker: number, error: WireError): void;
	call(call: TestCall): Promise<TestOutcome>;
}
