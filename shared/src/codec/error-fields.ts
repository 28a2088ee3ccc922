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

/** An error of that name and message off the wire, which may be anything. It has no stack of this machine. */
export function newError(name: unknown, message: unknown): Error {
	const title = typeof name === "string" ? name : "Error";
	const text = typeof message === "string" ? message : "";
	const Class = CLASSES.get(title);
	const error = withoutStack(() =>
		title === "AggregateError"
			? new AggregateError([], text)
			: new (Class ?? Error)(text),
	);
	if (error.name !== title) define(error, "name", title, false);
	define(error, "stack", `${title}: ${text}`, false);
	return error;
}

/** Gives an error the rest of what came off the wire. */
export function fillError(error: Error, cause: unknown, fields: unknown): void {
	if (cause !== undefined) define(error, "cause", cause, false);
	if (typeof fields !== "object" || fields === null) return;
	for (const [key, value] of Object.entries(fields))
		if (!APART.has(key)) define(error, key, value, key !== "errors");
}

/** Most of what an error costs an engine is its stack, which nobody will see: a stranger may send a million errors. */
function withoutStack(make: () => Error): Error {
	const limit: unknown = Reflect.get(Error, "stackTraceLimit");
	if (typeof limit !== "number") return make();
	Reflect.set(Error, "stackTraceLimit", 0);
	try {
		return make();
	} finally {
		Reflect.set(Error, "stackTraceLimit", limit);
	}
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
