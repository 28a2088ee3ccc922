import { Mismatch } from "./mismatch.js";

/**
 * Reads a value from a stranger: gives what it expects of it, as a copy that nothing else has got into, or what is wrong.
 * It never throws. Shapes are made of each other; an eighth of the code that a library for schemas takes, since a page
 * loads them before its first call.
 *
 * @example
 * const person = object({ name: textUpTo(64), age: optional(wholeNumber()) });
 * const read = person(JSON.parse(line));
 * if (read instanceof Mismatch) throw new TypeError(String(read));
 */
export type Shape<T> = (value: unknown) => T | Mismatch;

/** What a shape gives. */
export type Shaped<S> = S extends (value: unknown) => infer R
	? Exclude<R, Mismatch>
	: never;

/** Anything. */
export const unknown: Shape<unknown> = (value) => value;

export const boolean: Shape<boolean> = (value) =>
	typeof value === "boolean" ? value : new Mismatch("expected true or false");

export const string: Shape<string> = (value) =>
	typeof value === "string" ? value : new Mismatch("expected a text");

/** Memory as it is, not a copy. */
export const bytes: Shape<Uint8Array> = (value) =>
	value instanceof Uint8Array ? value : new Mismatch("expected bytes");

/** Any number that is one, so that it may be compared. */
export const number: Shape<number> = (value) =>
	typeof value === "number" && !Number.isNaN(value)
		? value
		: new Mismatch("expected a number");

/** @param max most characters */
export function textUpTo(max: number): Shape<string> {
	return (value) =>
		typeof value === "string" && value.length <= max
			? value
			: new Mismatch(`expected a text of at most ${max} characters`);
}

/** A text of one form. */
export function matching(pattern: RegExp): Shape<string> {
	return (value) =>
		typeof value === "string" && pattern.test(value)
			? value
			: new Mismatch(`expected a text like ${pattern.source}`);
}

/** A number within bounds, which belong to it. */
export function numberFrom(
	min: number,
	max = Number.POSITIVE_INFINITY,
): Shape<number> {
	return (value) =>
		typeof value === "number" && value >= min && value <= max
			? value
			: new Mismatch(`expected a number from ${min} to ${max}`);
}

/** A whole number within bounds, which belong to it. */
export function wholeNumber(min = 0, max = Number.MAX_VALUE): Shape<number> {
	return (value) =>
		Number.isInteger(value) &&
		(value as number) >= min &&
		(value as number) <= max
			? (value as number)
			: new Mismatch(`expected a whole number from ${min} to ${max}`);
}

/** One of a few words or values. */
export function oneOf<const T>(...values: readonly T[]): Shape<T> {
	return (value) =>
		values.includes(value as T)
			? (value as T)
			: new Mismatch(`expected one of ${values.join(", ")}`);
}

/** What the first gives, or else the second. */
export function either<A, B>(first: Shape<A>, second: Shape<B>): Shape<A | B> {
	return (value) => {
		const read = first(value);
		return read instanceof Mismatch ? second(value) : read;
	};
}

export function nullable<T>(shape: Shape<T>): Shape<T | null> {
	return (value) => (value === null ? null : shape(value));
}

/** What a shape gives has to pass a test as well. */
export function that<T>(
	shape: Shape<T>,
	test: (value: T) => boolean,
	problem: string,
): Shape<T> {
	return (value) => {
		const read = shape(value);
		return read instanceof Mismatch || test(read)
			? read
			: new Mismatch(problem);
	};
}

/** What is made of what a shape gives. */
export function converted<T, To>(
	shape: Shape<T>,
	convert: (value: T) => To,
): Shape<To> {
	return (value) => {
		const read = shape(value);
		return read instanceof Mismatch ? read : convert(read);
	};
}
