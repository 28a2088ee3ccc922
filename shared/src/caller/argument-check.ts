import { LateCode } from "../errors/late-code.js";
import { definitionOf } from "../functions/definition.js";

/**
 * Looks at the arguments of a call before it leaves. Throws INVALID_ARGUMENT with `details.issues`, or rejects with it;
 * a promise only where there is something to wait for.
 */
export type ArgumentCheck = (
	args: readonly unknown[],
) => Promise<unknown> | undefined;

const validation = new LateCode(
	"schemas",
	() => import("../functions/validate.js"),
);

/**
 * The check that a function made by `define` has in its schemas; undefined for any other. What schemas make of arguments is
 * the node's business: they leave as they are, or a conversion would happen twice. The first check waits for its code,
 * which pages do without unless they have schemas.
 */
export function argumentCheck(
	name: string,
	contract: unknown,
): ArgumentCheck | undefined {
	if (typeof contract !== "function") return undefined;
	const options = definitionOf(contract)?.options;
	if (options?.input === undefined) return undefined;
	const target = { name, options };
	return (args) => {
		if (!validation.code)
			return validation
				.load()
				.then(({ validateArguments }) => validateArguments(target, args));
		const checked = validation.code.validateArguments(target, args);
		return checked instanceof Promise ? checked : undefined;
	};
}
