import type { Provider } from "../../protocol/provider.js";
import type { CallReport } from "../call-report.js";
import type { Settlers } from "../settlers.js";

/** What a second run of the same call has to keep to. */
export interface ReplicaTerms {
	/** Whether it may go there. */
	suits(provider: Provider): boolean;
	/** It goes there. */
	headed(provider: Provider): void;
}

/** A second run of the same call. */
export interface Replica {
	readonly report: CallReport;
	start(settlers: Settlers): void;
	cancel(reason: unknown): void;
}
