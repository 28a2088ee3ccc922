import { EasyRemoteError } from "@easyremote/shared";

/** How a call ended: its value, or the code of its error. */
export type Outcome =
	| { readonly value: unknown }
	| { readonly code: string; readonly error: EasyRemoteError };

/** The longest that anybody may be left in the dark after something died, ms: the one bound on time that is a requirement. */
const LIMIT_MS = 2000;

/** Waits for the end of a call, whichever it is; throws if there is none within two seconds. */
export async function outcomeInTime(
	call: PromiseLike<unknown>,
): Promise<Outcome> {
	let timer: NodeJS.Timeout | undefined;
	const limit = new Promise<never>((_resolve, reject) => {
		timer = setTimeout(
			() => reject(new Error(`no end of the call within ${LIMIT_MS} ms`)),
			LIMIT_MS,
		);
	});
	try {
		return { value: await Promise.race([call, limit]) };
	} catch (error) {
		if (!(error instanceof EasyRemoteError)) throw error;
		return { code: error.code, error };
	} finally {
		clearTimeout(timer);
	}
}

/** Resolves when the node has begun to run a call. */
export async function whenStarted(call: {
	events(): AsyncIterable<{ readonly type: string }>;
}): Promise<void> {
	for await (const { type } of call.events()) if (type === "started") return;
	throw new Error("the call ended before it was started");
}
