import { EasyRemoteError } from "@easyremote/shared/errors";

/** Where a function can be loaded from in another thread. */
export interface FunctionSource {
	/** URL of its module. */
	readonly module: string;
	/** Its name among those that `collectFunctions` finds there. */
	readonly name: string;
}

/** The refusal of a function that is to run in a worker thread without saying where that can load it from. */
export function noModule(name: string): EasyRemoteError {
	return new EasyRemoteError(
		"INVALID_ARGUMENT",
		`"${name}" is to run in a worker thread, which cannot know where to load it from`,
		{
			hint: 'register its module by URL: node.register(new URL("./functions.js", import.meta.url)), or pass { module: import.meta.url }',
		},
	);
}
