/** Fields that may be undefined may be missing instead. */
type Present<T> = {
	[K in keyof T as undefined extends T[K] ? never : K]: T[K];
} & {
	[K in keyof T as undefined extends T[K] ? K : never]?: Exclude<
		T[K],
		undefined
	>;
};

/** The fields that are not undefined. */
export function present<T extends object>(fields: T): Present<T> {
	const entries = Object.entries(fields);
	return Object.fromEntries(
		entries.filter(([, value]) => value !== undefined),
	) as Present<T>;
}
