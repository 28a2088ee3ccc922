import { Mismatch } from "./mismatch.js";
import { oneOf, type Shape, type Shaped } from "./shape.js";

/** The shape of a field that may be missing. */
export interface Optional<T> extends Shape<T> {
	readonly optional: true;
}

/** What fields an object has; others that it has are dropped. */
export type Fields = Readonly<Record<string, Shape<unknown>>>;

type Plain<T> = { [K in keyof T]: T[K] };
type MayMiss<F extends Fields> = {
	[K in keyof F]: undefined extends Shaped<F[K]> ? K : never;
}[keyof F];

/** What an object with such fields gives. */
export type ShapedFields<F extends Fields> = Plain<
	{ [K in Exclude<keyof F, MayMiss<F>>]: Shaped<F[K]> } & {
		[K in MayMiss<F>]?: Shaped<F[K]>;
	}
>;

export interface ObjectShape<F extends Fields> extends Shape<ShapedFields<F>> {
	/** To make others of. */
	readonly fields: F;
}

/** Of words that are known none has to be there. */
type Dictionary<K extends string, T> = string extends K
	? Record<string, T>
	: { [N in K]?: T };

/** Names that lead to what all objects have in common: they are no keys of a dictionary. */
const COMMON: readonly string[] = ["__proto__", "prototype", "constructor"];

/** A field that may be missing, or be there as `undefined`; then it is `otherwise`. */
export function optional<T>(shape: Shape<T>): Optional<T | undefined>;
export function optional<T, D>(shape: Shape<T>, otherwise: D): Optional<T | D>;
export function optional<T>(
	shape: Shape<T>,
	otherwise?: unknown,
): Optional<unknown> {
	const read: Shape<unknown> = (value) =>
		value === undefined ? otherwise : shape(value);
	return Object.assign(read, { optional: true as const });
}

export function object<const F extends Fields>(fields: F): ObjectShape<F> {
	const entries = Object.entries(fields);
	const read = (value: unknown): ShapedFields<F> | Mismatch => {
		if (!isObject(value)) return new Mismatch("expected an object");
		const result: Record<string, unknown> = {};
		for (const [key, shape] of entries) {
			const given = value[key];
			const missing = given === undefined && !(key in value);
			if (missing && !("optional" in shape))
				return new Mismatch("is missing").within(key);
			const part = shape(given);
			if (part instanceof Mismatch) return part.within(key);
			if (!missing || part !== undefined) result[key] = part;
		}
		return result as ShapedFields<F>;
	};
	return Object.assign(read, { fields });
}

/** One of several kinds of objects, told apart by the word in their field `tag`. */
export function tagged<
	Tag extends string,
	K extends Readonly<Record<string, Fields>>,
>(
	tag: Tag,
	kinds: K,
): Shape<
	{
		[N in keyof K & string]: Plain<{ [T in Tag]: N } & ShapedFields<K[N]>>;
	}[keyof K & string]
> {
	const shapes = new Map<unknown, Shape<unknown>>(
		Object.entries(kinds).map(([kind, fields]) => [
			kind,
			object({ [tag]: oneOf(kind), ...fields }),
		]),
	);
	return (value) => {
		const shape = isObject(value) ? shapes.get(value[tag]) : undefined;
		// The shape gives the kind that was looked up.
		return shape
			? (shape(value) as never)
			: new Mismatch("is none that is known").within(tag);
	};
}

/** @param max most items */
export function list<T>(
	shape: Shape<T>,
	max = Number.POSITIVE_INFINITY,
): Shape<T[]> {
	return (value) => {
		if (!Array.isArray(value)) return new Mismatch("expected a list");
		if (value.length > max)
			return new Mismatch(`expected ${max} items at most`);
		const result: T[] = [];
		for (let at = 0; at < value.length; at += 1) {
			const item = shape(value[at]);
			if (item instanceof Mismatch) return item.within(at);
			result.push(item);
		}
		return result;
	};
}

/** Any keys, or those of one shape, each with a value of another. */
export function dictionary<T, K extends string = string>(
	shape: Shape<T>,
	key?: Shape<K>,
): Shape<Dictionary<K, T>> {
	return (value) => {
		if (!isObject(value)) return new Mismatch("expected an object");
		const result: Record<string, T> = {};
		for (const [name, given] of Object.entries(value)) {
			if (COMMON.includes(name)) continue;
			const wrong = key?.(name);
			const part = wrong instanceof Mismatch ? wrong : shape(given);
			if (part instanceof Mismatch) return part.within(name);
			result[name] = part;
		}
		return result as Dictionary<K, T>;
	};
}

/** As schemas mostly take it: lists and the like have fields too. */
function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
	return typeof value === "object" && value !== null;
}
