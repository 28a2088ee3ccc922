import type {
	BundleManifest,
	FunctionDescriptor,
} from "@easyremote/shared/protocol";
import { bundleFunctionName, mayPublish } from "@easyremote/shared/security";
import type { Principal } from "../auth/principal.js";
import { ANY_NODE, maySee } from "../registry/access.js";

/** The functions of a bundle that a principal is told of, by their own names. Who may publish it sees them all. */
export function visibleFunctions(
	principal: Principal,
	{ name, functions }: BundleManifest,
): FunctionDescriptor[] {
	if (mayPublish(principal.grants, name)) return functions;
	return functions.filter((each) =>
		maySee(principal, ANY_NODE, {
			...each,
			name: bundleFunctionName(name, undefined, each.name),
		}),
	);
}
