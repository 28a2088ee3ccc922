import type { CallMeta } from "@easyremote/shared/caller";

/** Whether a request's `Cache-Control` (RFC 9111 §5.2.1) wants an answer made for it, and none from a cache. */
export function wantsFresh(cacheControl: string | undefined): boolean {
	return /(?:^|[\s,])(?:no-cache|no-store|max-age=0)(?:$|[\s,])/i.test(
		cacheControl ?? "",
	);
}

/** Says of an answer whether the function ran for it; nothing of functions that do not keep their answers. */
export function cacheHeaders({
	cached,
	freshMs,
}: Pick<CallMeta, "cached" | "freshMs">): Readonly<Record<string, string>> {
	if (freshMs === undefined) return {};
	return { "x-easyremote-cache": cached ? "hit" : "miss" };
}
