import type { RouteQuery } from "@easyremote/shared/protocol";

/** The same text for the same query, whatever the order of its fields and tags. */
export function queryKey({ function: name, node, tags }: RouteQuery): string {
	return JSON.stringify([name, node, [...(tags ?? [])].sort()]);
}
