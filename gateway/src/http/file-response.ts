import type { BuiltFile } from "./built-files.js";

/** Answers with a file: revalidated by its ETag each time, or kept for good where its name has a hash. */
export function fileResponse(
	file: BuiltFile,
	request: Request,
	headers: Readonly<Record<string, string>>,
): Response {
	const all = {
		...headers,
		"content-type": file.type,
		etag: file.etag,
		"cache-control": file.immutable
			? "public, max-age=31536000, immutable"
			: "no-cache",
		"x-content-type-options": "nosniff",
	};
	if (matches(request.headers.get("if-none-match"), file.etag))
		return new Response(null, { status: 304, headers: all });
	return new Response(request.method === "HEAD" ? null : file.bytes, {
		status: 200,
		headers: all,
	});
}

/** RFC 9110 §13.1.2, by weak comparison. */
function matches(ifNoneMatch: string | null, etag: string): boolean {
	if (ifNoneMatch === null) return false;
	return ifNoneMatch.split(",").some((each) => {
		const tag = each.trim();
		return tag === "*" || tag.replace(/^W\//, "") === etag;
	});
}
