import { loadCode } from "../errors/load-code.js";
import { definitionOf } from "../functions/definition.js";
import type { validateArguments } from "../functions/validate.js";

/**
 * Looks at the arguments of a call before it leaves. Throws INVALID_ARGUMENT with `details.issues`, or rejects with it;
 * a promise only where there is something to wait for.
 */
export type ArgumentCheck = (
	args: readonly unknown[],
) => Promise<unknown> | undefined;

let validate: typeof validateArguments | undefined;

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
		if (!validate)
			return loadValidation().then((loaded) => loaded(target, args));
		const checked = validate(target, args);
		return checked instanceof Promise ? checked : undefined;
	};
}

async function loadValidation(): Promise<typeof validateArguments> {
	const code = await loadCode(
		"schemas",
		() => import("../functions/validate.js"),
	);
	validate = code.validateArguments;
	return validate;
}
