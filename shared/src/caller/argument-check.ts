import { definitionOf } from "../functions/definition.js";
import { validateArguments } from "../functions/validate.js";

/**
 * Looks at the arguments of a call before it leaves. Throws INVALID_ARGUMENT with `details.issues`, or rejects with it;
 * a promise only where a schema is asynchronous.
 */
export type ArgumentCheck = (
	args: readonly unknown[],
) => Promise<unknown> | undefined;

/**
 * The check that a function made by `define` has in its schemas; undefined for any other. What schemas make of arguments is
 * the node's business: they leave as they are, or a conversion would happen twice.
 */
export function argumentCheck(
	name: string,
	contract: unknown,
): ArgumentCheck | undefined {
	if (typeof contract !== "function") return undefined;
	const options = definitionOf(contract)?.options;
	if (options?.input === undefined) return undefined;
	return (args) => {
		const checked = validateArguments({ name, options }, args);
		return checked instanceof Promise ? checked : undefined;
	};
}
