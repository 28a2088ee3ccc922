import type { EasyRemoteError, ErrorCode } from "@easyremote/shared/errors";

/** What one check found. */
export interface Finding {
	/** The check, in a word: "gateway", "stun", "direct". */
	readonly check: string;
	/** `skipped`: there was nothing to check, which is no fault. */
	readonly status: "ok" | "failed" | "skipped";
	/** What was found, in a line. */
	readonly detail: string;
	/** What to do next. */
	readonly fix?: string | undefined;
	/** Why it failed, where an error says so. */
	readonly code?: ErrorCode | undefined;
	/** Figures, for programs. */
	readonly data?: Readonly<Record<string, unknown>>;
}

/** The finding that an error makes. */
export function failedBy(check: string, error: EasyRemoteError): Finding {
	return {
		check,
		status: "failed",
		detail: error.message,
		fix: error.hint,
		code: error.code,
	};
}

/** A time for people: "0.4 ms", "120 ms", "2.5 s". */
export function shownMs(ms: number): string {
	if (ms >= 1_000) return `${(ms / 1_000).toFixed(1)} s`;
	return `${ms < 10 ? ms.toFixed(1) : Math.round(ms)} ms`;
}

/** A figure that need not be any more exact. */
export function rounded(value: number): number {
	return Number(value.toPrecision(4));
}
