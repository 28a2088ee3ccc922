import type { CallTarget } from "@easyremote/shared/caller";
import type { WireError } from "@easyremote/shared/errors";
import type { JobStatus } from "@easyremote/shared/protocol";
import type { Principal } from "../auth/principal.js";

/** `job`: somebody asked for it to run on its own. `call`: a call kept only because it has an idempotency key. */
export const JOB_KINDS = ["job", "call"] as const;
export type JobKind = (typeof JOB_KINDS)[number];

/** What an idempotency key stands for: the one request it was first used with. */
export interface IdempotencyClaim {
	readonly key: string;
	/** SHA-256 over function and arguments, hex: another one is another request. */
	readonly fingerprint: string;
}

/** One call that outlives its request, without its arguments and result. Times in ms since the epoch. */
export interface JobRecord {
	readonly id: string;
	readonly kind: JobKind;
	/** Who asked for it, as they were then: it runs with these grants, and nobody else is told of it. */
	readonly principal: Principal;
	readonly target: CallTarget;
	readonly status: JobStatus;
	/** Whether the function says that it may run twice; known once it is about to run. */
	readonly idempotent: boolean;
	readonly createdAt: number;
	/** When it is given up. */
	readonly deadlineAt: number;
	readonly startedAt?: number | undefined;
	readonly endedAt?: number | undefined;
	/** From when on it is forgotten; absent while it is not over. */
	readonly expiresAt?: number | undefined;
	/** The node that had it last. */
	readonly nodeId?: string | undefined;
	/** The latest call made for it. */
	readonly callId?: string | undefined;
	/** Why it failed. */
	readonly error?: WireError | undefined;
	readonly claim?: IdempotencyClaim | undefined;
}

/** How a job ended. */
export interface JobEnd
	extends Required<Pick<JobRecord, "endedAt" | "expiresAt">>,
		Pick<JobRecord, "nodeId" | "callId" | "error"> {
	readonly status: Extract<JobStatus, "succeeded" | "failed" | "cancelled">;
	/** The function provably did not run: the idempotency key is free again. */
	readonly releaseKey?: boolean | undefined;
}
