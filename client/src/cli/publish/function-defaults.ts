import type { FunctionOptions } from "@easyremote/shared/functions";

/** What holds for functions that say nothing else of themselves. */
export type FunctionDefaults = Pick<
	FunctionOptions,
	"deterministic" | "resources"
>;
