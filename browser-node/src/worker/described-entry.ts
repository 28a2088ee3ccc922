import { EasyRemoteError } from "@easyremote/shared/errors";
import type { FunctionEntry } from "@easyremote/shared/functions";
import type { FunctionDescriptor } from "@easyremote/shared/protocol";

/**
 * A function that a function Worker has told of, as the host in the node Worker knows it. Arguments and results are
 * checked against its schemas where those are: in the function Worker.
 */
export function describedEntry(descriptor: FunctionDescriptor): FunctionEntry {
	const { name, stream, timeoutMs, concurrency, idempotent, authRequired } =
		descriptor;
	return {
		name,
		descriptor,
		stream,
		timeoutMs,
		takesContext: true,
		options: {
			idempotent,
			authRequired,
			public: descriptor.public,
			concurrency,
			timeout: timeoutMs,
		},
		invoke: runsElsewhere,
	};
}

/** The node Worker has no function to call; its executor never asks for one. */
function runsElsewhere(): never {
	throw new EasyRemoteError(
		"INTERNAL",
		"this function runs in a Worker of its own",
	);
}
