import { EasyRemoteError } from "@easyremote/shared/errors";
import type {
	FunctionDescriptor,
	NodeProfile,
} from "@easyremote/shared/protocol";
import type { PublishedFunctions } from "./published-functions.js";

/**
 * What becomes of the functions that a node wants to offer. Of a donor's only names count, and whether the code is there: what
 * they are, the publisher has said; names of nothing that is published now are dropped. Throws INVALID_ARGUMENT if another
 * node uses such names, PERMISSION_DENIED if a donor offers functions of its own.
 */
export function acceptFunctions(
	kind: NodeProfile["kind"],
	functions: readonly FunctionDescriptor[],
	published: Pick<PublishedFunctions, "resolve">,
): readonly FunctionDescriptor[] {
	const odd = functions.find(
		({ name }) => name.includes("/") !== (kind === "donor"),
	);
	if (odd)
		throw kind === "donor" ? ownFunction(odd.name) : publishedName(odd.name);
	if (kind !== "donor") return functions;
	return functions.flatMap(({ name, cached }) => {
		const known = published.resolve(name);
		if (known?.name !== name) return [];
		return cached === true ? [{ ...known, cached }] : [known];
	});
}

function ownFunction(name: string): EasyRemoteError {
	return new EasyRemoteError(
		"PERMISSION_DENIED",
		`a donor offers what is published, and ${name} is not`,
		{
			hint: "Functions of one's own are offered by a node of another kind.",
		},
	);
}

function publishedName(name: string): EasyRemoteError {
	return new EasyRemoteError(
		"INVALID_ARGUMENT",
		`${name} is a name of published functions, which donors offer`,
		{
			hint: "Use letters, digits, _ and - only; easyremote publish makes a bundle of a module.",
		},
	);
}
