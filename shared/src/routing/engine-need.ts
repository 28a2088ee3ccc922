/**
 * Whether an engine's class ("chromium-156-x86_64") is of the kind that is wanted: a whole number of its parts, from the
 * first ("chromium", "chromium-156"). What is not known is of no kind.
 */
export function isOfEngine(
	engine: string | undefined,
	wanted: string,
): boolean {
	return `${engine ?? ""}-`.startsWith(`${wanted}-`);
}
