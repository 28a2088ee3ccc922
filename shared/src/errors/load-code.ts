import { EasyRemoteError } from "./easyremote-error.js";
import { toEasyRemoteError } from "./error-wire.js";

/**
 * Fetches code that only some programs need, and that pages load when they do. Rejects with UNAVAILABLE, so that
 * whoever asked may ask again.
 *
 * @example
 * const { MapRun } = await loadCode("map", () => import("./map-run.js"));
 */
export async function loadCode<T>(
	what: string,
	load: () => Promise<T>,
): Promise<T> {
	try {
		return await load();
	} catch (cause) {
		const { message, hint } = toEasyRemoteError(cause);
		throw new EasyRemoteError(
			"UNAVAILABLE",
			`the code for ${what} could not be loaded: ${message}`,
			{
				cause,
				hint:
					hint ??
					"A page fetches it from beside client.js: the folder assets belongs to that file.",
				details: { reason: "failed" },
			},
		);
	}
}
