import { FUNCTION_NAME_PATTERN, ID_PATTERN } from "./wire-types.js";

type Fields = Readonly<Record<string, unknown>>;

/**
 * Whether a header is one of the two that every small call has, with nothing unusual in it, so that the schema would
 * take it as it is: telling takes a tenth of the time that the schema does. "No" means nothing but: ask the schema.
 */
export function isUsualCallMessage(header: unknown): boolean {
	if (!isFields(header)) return false;
	const { type } = header;
	if (type === "function_call") return isUsualCall(header);
	return type === "function_response" && isUsualResponse(header);
}

function isUsualCall(header: Fields): boolean {
	for (const key in header) {
		const field = header[key];
		switch (key) {
			case "type":
				break;
			case "id":
				if (!matches(field, ID_PATTERN)) return false;
				break;
			case "function":
				if (!matches(field, FUNCTION_NAME_PATTERN)) return false;
				break;
			case "deadlineMs":
			case "attempt":
				if (!isNumber(field)) return false;
				break;
			case "named":
				if (typeof field !== "boolean") return false;
				break;
			case "accept":
				if (field !== "json" && field !== "msgpack") return false;
				break;
			case "traceparent":
				if (!isUsualTraceparent(field)) return false;
				break;
			case "value":
				if (!isUsualLayout(field)) return false;
				break;
			default:
				return false;
		}
	}
	return "id" in header && "function" in header && "attempt" in header;
}

function isUsualResponse(header: Fields): boolean {
	for (const key in header) {
		const field = header[key];
		switch (key) {
			case "type":
				break;
			case "runMs":
			case "queuedMs":
				if (!isNumber(field)) return false;
				break;
			case "value":
				if (!isUsualLayout(field)) return false;
				break;
			default:
				return false;
		}
	}
	return "runMs" in header;
}

function isUsualLayout(layout: unknown): boolean {
	if (!isFields(layout)) return false;
	for (const key in layout)
		if (key !== "format" && key !== "length") return false;
	const { format, length } = layout;
	return (
		(format === "msgpack" || format === "json") &&
		Number.isInteger(length) &&
		(length as number) >= 0
	);
}

function isFields(value: unknown): value is Fields {
	return typeof value === "object" && value !== null && !Array.isArray(value);
}

function isNumber(field: unknown): boolean {
	return typeof field === "number" && !Number.isNaN(field);
}

/** Of the length that all have today; whether it is valid, whoever reads it says. */
function isUsualTraceparent(field: unknown): boolean {
	return typeof field === "string" && field.length === 55;
}

function matches(field: unknown, pattern: RegExp): boolean {
	return typeof field === "string" && pattern.test(field);
}
