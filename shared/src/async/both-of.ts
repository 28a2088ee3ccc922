/** Waits for both of two things that may have to be waited for; undefined where neither has. */
export function bothOf(
	one: Promise<unknown> | undefined,
	other: Promise<unknown> | undefined,
): Promise<unknown> | undefined {
	return one && other ? Promise.all([one, other]) : (one ?? other);
}
