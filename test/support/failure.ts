import { EasyRemoteError } from "@easyremote/shared";

/** The error a call ends with; fails the test if it ends well, or with anything else. */
export async function failure(
	call: PromiseLike<unknown>,
): Promise<EasyRemoteError> {
	let value: unknown;
	try {
		value = await call;
	} catch (error) {
		if (error instanceof EasyRemoteError) return error;
		throw new Error(`not an EasyRemoteError: ${String(error)}`, {
			cause: error,
		});
	}
	throw new Error(`expected a failure, got ${JSON.stringify(value)}`);
}
