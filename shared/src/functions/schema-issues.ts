import type { StandardSchemaV1 } from "@standard-schema/spec";

/** One thing that a schema found wrong, and where: `args[1].width`. */
export interface SchemaIssue {
	readonly path: string;
	readonly message: string;
}

/** A hostile argument can violate a schema a million times: so many issues are told. */
const MOST_ISSUES = 20;
const LONGEST_MESSAGE = 300;

/** What to tell of the issues of several values, each named as what its path begins with. */
export function listIssues(
	found: readonly {
		readonly at: string;
		readonly issues: readonly StandardSchemaV1.Issue[];
	}[],
): { readonly issues: readonly SchemaIssue[]; readonly summary: string } {
	const issues: SchemaIssue[] = [];
	let total = 0;
	for (const { at, issues: these } of found) {
		total += these.length;
		for (const issue of these.slice(0, MOST_ISSUES - issues.length)) {
			issues.push({
				path: `${at}${formatPath(issue.path)}`,
				message: issue.message.slice(0, LONGEST_MESSAGE),
			});
		}
	}
	const [first] = issues;
	const more = total > 1 ? ` (and ${total - 1} more)` : "";
	const summary =
		first === undefined ? "" : `${first.path}: ${first.message}${more}`;
	return { issues, summary };
}

function formatPath(path: StandardSchemaV1.Issue["path"]): string {
	return (path ?? [])
		.map((segment) =>
			formatKey(typeof segment === "object" ? segment.key : segment),
		)
		.join("");
}

function formatKey(key: PropertyKey): string {
	if (typeof key === "number" || /^\d+$/.test(String(key)))
		return `[${String(key)}]`;
	const text = String(key).slice(0, LONGEST_MESSAGE);
	return /^[A-Za-z_$][\w$]*$/.test(text)
		? `.${text}`
		: `[${JSON.stringify(text)}]`;
}
