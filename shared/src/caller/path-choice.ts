import type { PathState } from "../peer/path-report.js";
import type { PathKind } from "../session/call-end.js";
import type { Transport } from "./call-options.js";

/** What to do with a call that is ready to go. */
export type PathChoice =
	| { readonly kind: "go"; readonly path: PathKind | "any" }
	/** Wait for the direct path; if it does not come, `otherwise` go on the relay, or fail. */
	| { readonly kind: "wait"; readonly otherwise: "any" | "fail" }
	| { readonly kind: "fail" };

/**
 * Which way a call goes. Small calls never wait; bulk waits for a direct path on its way, so that it
 * stays off the gateway; "direct" takes nothing else.
 */
export function choosePath(
	transport: Transport,
	direct: PathState,
	payloadBytes: number,
	directThresholdBytes: number,
): PathChoice {
	switch (transport) {
		case "relay":
			return { kind: "go", path: "relay" };
		case "direct":
			if (direct === "open") return { kind: "go", path: "direct" };
			return direct === "connecting"
				? { kind: "wait", otherwise: "fail" }
				: { kind: "fail" };
		case "auto":
			return direct === "connecting" && payloadBytes >= directThresholdBytes
				? { kind: "wait", otherwise: "any" }
				: { kind: "go", path: "any" };
	}
}
