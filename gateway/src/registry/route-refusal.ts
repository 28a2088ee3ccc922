import { EasyRemoteError } from "@easyremote/shared/errors";
import { didYouMean } from "@easyremote/shared/host";
import type { RouteQuery } from "@easyremote/shared/protocol";
import type { Principal } from "../auth/principal.js";

/** What a query asks for, as users write it: "gpu-1.add", "add", "gpu-1". */
export function queryText({ node, function: name, tags }: RouteQuery): string {
	const reference = [node, name].filter((part) => part !== undefined).join(".");
	const tagged = tags && tags.length > 0 ? `tags ${tags.join(", ")}` : "";
	return (
		[reference, tagged].filter((part) => part !== "").join(" with ") ||
		"any node"
	);
}

/** Nothing of that name, or nothing that this principal may know of. */
export function notFound(
	query: RouteQuery,
	visible: {
		readonly functions: Iterable<string>;
		readonly nodes: Iterable<string>;
	},
): EasyRemoteError {
	const { node, function: name } = query;
	const nodes = [...visible.nodes];
	if (node !== undefined && !nodes.includes(node))
		return missing(`no node ${node} is known here`, didYouMean(node, nodes));
	if (name === undefined)
		return missing(`no node provides ${queryText(query)}`, undefined);
	const where =
		node !== undefined
			? `node ${node} has no function`
			: name.includes("/")
				? "nothing is published as"
				: "no node provides";
	return missing(`${where} ${name}`, didYouMean(name, visible.functions));
}

/** It is there to be seen, but not to be called by this principal. */
export function notAllowed(
	query: RouteQuery,
	principal: Principal,
): EasyRemoteError {
	return principal.anonymous
		? new EasyRemoteError(
				"UNAUTHENTICATED",
				`${queryText(query)} is not open to callers without a credential`,
				{
					hint: "Use an API key.",
				},
			)
		: new EasyRemoteError(
				"PERMISSION_DENIED",
				`${principal.subject} may not call ${queryText(query)}`,
				{
					hint: "Ask for a key with a call: grant that covers it.",
				},
			);
}

/** Its nodes are known, but none is there now. */
export function notOnline(query: RouteQuery): EasyRemoteError {
	return new EasyRemoteError(
		"UNAVAILABLE",
		`no node that provides ${queryText(query)} is online`,
	);
}

/** It is published, but no donor that could run it is there now. */
export function noDonor(query: RouteQuery): EasyRemoteError {
	return new EasyRemoteError(
		"UNAVAILABLE",
		`no browser is donating to ${queryText(query)} now`,
		{
			hint: "Open the gateway's page /donate in a browser and press Start.",
			details: { reason: "no_donor" },
		},
	);
}

/** Nodes provide it, but none has what it takes to run it now. */
export function notEquipped(query: RouteQuery, lack: string): EasyRemoteError {
	return new EasyRemoteError(
		"UNAVAILABLE",
		`no node that provides ${queryText(query)} has ${lack}`,
		{
			hint: "Its option `resources` says what it needs; GET /api/nodes shows what nodes have.",
			details: { reason: "resources", lack },
		},
	);
}

function missing(
	message: string,
	suggestion: string | undefined,
): EasyRemoteError {
	return new EasyRemoteError("NOT_FOUND", message, {
		hint: suggestion === undefined ? undefined : `Did you mean ${suggestion}?`,
	});
}
