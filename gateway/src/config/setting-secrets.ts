/** Names of what nobody but its owner is to see. */
const SECRET = /secret|credential|password|token|authorization|headers/i;

/** What is shown in place of a secret. */
const SET = "(set)";

/** The value of a setting as it may be printed and logged: of secrets only that there is one. */
export function withoutSecrets(name: string, value: unknown): unknown {
	if (value === undefined) return undefined;
	if (SECRET.test(name)) return SET;
	if (Array.isArray(value))
		return value.map((item) => withoutSecrets("", item));
	if (typeof value === "object" && value !== null) {
		return Object.fromEntries(
			Object.entries(value).map(([key, inner]) => [
				key,
				withoutSecrets(key, inner),
			]),
		);
	}
	if (typeof value === "string") return withoutPassword(value);
	return value;
}

/** Whether a text that was meant for a setting may be repeated in a message. */
export function maySayOf(name: string, text: string): boolean {
	return !SECRET.test(name) && !SECRET.test(text) && !/:[^/@]*@/.test(text);
}

/** `https://name:password@host` without the password. */
function withoutPassword(text: string): string {
	return text.replace(/(\/\/[^/@:]*:)[^/@]+@/, `$1${SET}@`);
}
