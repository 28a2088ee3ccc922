import { EasyRemoteError } from "@easyremote/shared/errors";
import * as v from "valibot";

const publishBody = v.pipe(
	v.string(),
	v.parseJson(),
	v.object({ manifest: v.unknown(), code: v.string() }),
);

/** Takes the body of a publication apart. Throws INVALID_ARGUMENT. */
export function readPublishBody(body: Uint8Array): {
	readonly manifest: unknown;
	readonly code: Uint8Array;
} {
	const result = v.safeParse(publishBody, new TextDecoder().decode(body), {
		abortEarly: true,
	});
	if (result.success)
		return { ...result.output, code: Buffer.from(result.output.code) };
	const [issue] = result.issues;
	throw new EasyRemoteError(
		"INVALID_ARGUMENT",
		`${v.getDotPath(issue) ?? "the body"}: ${issue.message.slice(0, 200)}`,
		{
			hint: 'Send {"manifest": {…}, "code": "…"} as JSON; easyremote publish does.',
		},
	);
}
