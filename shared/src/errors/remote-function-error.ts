import { EasyRemoteError, type ErrorOptions } from "./easyremote-error.js";

/** What the user's function threw on the node: its name and message, and its stack only where the node opted in. */
export class RemoteFunctionError extends EasyRemoteError {
	override readonly name = "RemoteFunctionError";
	/** The `name` of the error as thrown, for example "TypeError". */
	readonly remoteName: string;
	/** The stack on the node, where the node was started with stacks on. */
	readonly remoteStack: string | undefined;

	constructor(
		remoteName: string,
		message: string,
		options: ErrorOptions & { readonly remoteStack?: string | undefined } = {},
	) {
		super("FUNCTION_ERROR", message, options);
		this.remoteName = remoteName;
		this.remoteStack = options.remoteStack;
	}
}
