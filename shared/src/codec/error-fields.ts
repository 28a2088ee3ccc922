/** An Error as it is written: name, message, cause, and the fields it has of its own. */
export type ErrorFields = readonly [
	name: string,
	message: string,
	cause: unknown,
	fields: Readonly<Record<string, unknown>> | null,
];

/** Classes whose instances arrive as such; any other error arrives as an Error of the same name. */
const CLASSES = new Map<string, new (message: string) => Error>(
	[
		Error,
		EvalError,
		RangeError,
		ReferenceError,
		SyntaxError,
		TypeError,
		URIError,
	].map((Class) => [Class.name, Class]),
);

/** Set by constructors or by the engine, and written apart or not at all: a stack never leaves its machine. */
const APART = new Set(["name", "message", "stack", "cause"]);

/** Takes an error apart for sending. Methods are left out, as is the stack. */
export function errorToFields(error: Error): ErrorFields {
	const fields: Record<string, unknown> = {};
	let any = false;
	for (const [key, value] of Object.entries(error)) {
		if (APART.has(key) || typeof value === "function") continue;
		fields[key] = value;
		any = true;
	}
	if (error instanceof AggregateError) {
		fields["errors"] = error.errors;
		any = true;
	}
	return [error.name, error.message, error.cause, any ? fields : null];
}

/** Puts an error together from what came off the wire, which may be anything. */
export function errorFromFields(content: unknown): Error {
	const parts: readonly unknown[] = Array.isArray(content) ? content : [];
	const [name, message, cause, fields] = parts;
	const title = typeof name === "string" ? name : "Error";
	const text = typeof message === "string" ? message : "";
	const Class = CLASSES.get(title);
	const error =
		title === "AggregateError"
			? new AggregateError([], text)
			: new (Class ?? Error)(text);
	if (error.name !== title) define(error, "name", title, false);
	if (cause !== undefined) define(error, "cause", cause, false);
	if (typeof fields === "object" && fields !== null) {
		for (const [key, value] of Object.entries(fields)) {
			if (!APART.has(key)) define(error, key, value, key !== "errors");
		}
	}
	define(error, "stack", `${title}: ${text}`, false);
	return error;
}

function define(
	error: Error,
	key: string,
	value: unknown,
	enumerable: boolean,
): void {
	Object.defineProperty(error, key, {
		value,
		enumerable,
		writable: true,
		configurable: true,
	});
}
