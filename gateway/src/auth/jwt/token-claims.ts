import { isGrant } from "@easyremote/shared/security";
import * as v from "valibot";
import { KEY_ROLES } from "../../store/store.js";
import { ROLE_GRANTS } from "../create-key.js";
import type { Principal } from "../principal.js";

/** As many as the protocol lets a principal have. */
const MAX_GRANTS = 256;

/** What a token says, besides what jose has checked. */
const claimsSchema = v.object({
	/** Shown to people, and to nodes: no control characters. */
	sub: v.pipe(v.string(), v.regex(/^\P{Cc}{1,256}$/u)),
	/** Seconds since the epoch. */
	exp: v.number(),
	/** Ours. Strict, since a misspelt restriction would be none. */
	easyremote: v.optional(
		v.strictObject({
			role: v.optional(v.picklist(KEY_ROLES)),
			/** Instead of the role's own. */
			grants: v.optional(
				v.pipe(
					v.array(v.pipe(v.string(), v.check(isGrant))),
					v.maxLength(MAX_GRANTS),
				),
			),
		}),
	),
	/** Of issuers that cannot add claims of ours: grants among other words (RFC 8693 §4.2). */
	scope: v.optional(v.string()),
});

/** Who a checked token stands for; undefined if its claims make no sense. */
export function tokenPrincipal(claims: unknown): Principal | undefined {
	const read = v.safeParse(claimsSchema, claims);
	if (!read.success) return undefined;
	const { sub, exp, easyremote, scope } = read.output;
	const grants = easyremote
		? (easyremote.grants ??
			(easyremote.role ? ROLE_GRANTS[easyremote.role] : []))
		: (scope ?? "").split(" ").filter(isGrant).slice(0, MAX_GRANTS);
	return {
		// Not a key's, a certificate's or nobody's, whatever the subject is called.
		id: `jwt:${sub}`,
		subject: sub,
		anonymous: false,
		grants: [...grants],
		expiresAt: exp * 1_000,
	};
}
