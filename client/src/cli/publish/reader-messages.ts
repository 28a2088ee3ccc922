import type { WireError } from "@easyremote/shared/errors";
import type { FunctionDescriptor } from "@easyremote/shared/protocol";
import type { FunctionDefaults } from "./function-defaults.js";

/** What the thread that reads a bundle is told. */
export interface ReaderTask {
	readonly code: string;
	readonly defaults: FunctionDefaults;
}

/** What it answers, once. */
export type ReaderReport =
	| { readonly functions: FunctionDescriptor[] }
	/** The module refers to what is not there, as it is loaded. */
	| { readonly lacks: string }
	/** It throws that, as it is loaded. */
	| { readonly threw: string }
	/** A name or option of a function is refused. */
	| { readonly refused: WireError };
