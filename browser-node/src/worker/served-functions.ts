import type { Executor, FunctionTable } from "@easyremote/shared/host";
import type { ControlMessage, NodeProfile } from "@easyremote/shared/protocol";

/** What a tab node serves: where its functions come from, and where they run. */
export interface ServedFunctions {
	readonly table: FunctionTable;
	readonly executor: Executor;
	/** Makes ready; rejects with what there is not to serve. Everything below is called after it. */
	start(): Promise<void>;
	/** Before each connection to the gateway. */
	connecting?(): Promise<void>;
	/** What the node says of itself there. */
	profile(): Pick<
		NodeProfile,
		"kind" | "tags" | "engine" | "capabilities" | "donor"
	>;
	/** The gateway says something that is no answer. */
	control?(message: ControlMessage): void;
	/** The page could not start a Worker, or lost it. */
	workerFailed(worker: number, error: Error): void;
	/** Takes no more calls for now, and ends those that do not end by themselves; or takes them again. */
	pause?(paused: boolean): void;
	/** The share of time that is given, 0.1–1. */
	setDutyCycle?(share: number): void;
	/** Ends all Workers. */
	close(): void;
}
