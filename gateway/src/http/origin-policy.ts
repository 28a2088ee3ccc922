import { EasyRemoteError } from "@easyremote/shared/errors";
import { isLoopbackHostname } from "../auth/loopback.js";

/** What a request says of how the gateway was reached. */
export interface ReachedAs {
	/** The `Host` header. */
	readonly host: string | undefined;
	/** It is known to be by https. */
	readonly secure?: boolean;
}

/** Which pages may talk to this gateway: its own, those configured, and local ones in development mode. */
export interface OriginPolicy {
	/** Whether a browser on a page of `origin` may use the gateway as it was reached. */
	allows(origin: string, reached: ReachedAs): boolean;
}

/** Makes the policy. `developmentMode` is asked anew each time, since the first key ends it. */
export function createOriginPolicy(
	origins: readonly string[],
	developmentMode: () => boolean,
): OriginPolicy {
	const listed = new Set(origins);
	return {
		allows(origin, { host, secure = false }) {
			if (listed.has(origin)) return true;
			// "null" is what a sandboxed frame or a local file calls itself: anybody can.
			if (!URL.canParse(origin)) return false;
			const url = new URL(origin);
			// A page that came in clear may have been changed on its way.
			const cleartext = secure && url.protocol === "http:";
			if (sameHost(url, host) && !cleartext) return true;
			return developmentMode() && isLoopbackHostname(url.hostname);
		},
	};
}

/** The error for a page that may not. */
export function originRefused(origin: string): EasyRemoteError {
	return new EasyRemoteError(
		"PERMISSION_DENIED",
		`pages of ${origin.slice(0, 256)} may not use this gateway`,
		{
			hint: "List the origin in the gateway's option cors.origins.",
		},
	);
}

/** Compares host and port only: behind a proxy that is not trusted the gateway does not know its own scheme. */
function sameHost(origin: URL, host: string | undefined): boolean {
	const url = `${origin.protocol}//${host ?? ""}`;
	return (
		host !== undefined && URL.canParse(url) && new URL(url).host === origin.host
	);
}
