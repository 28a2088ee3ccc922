import type { CallerIdentity } from "@easyremote/shared/protocol";

/** Who a request or a connection belongs to, and what it may do. What nodes and peers see of it is `CallerIdentity`. */
export interface Principal extends CallerIdentity {
	/** From when on its credential is void, ms since the epoch; absent is never. */
	readonly expiresAt?: number | undefined;
}

/** Id of everybody without a credential. */
export const ANONYMOUS_ID = "anonymous";

/** Someone without a credential: may call functions with `authRequired: false`, nothing else. */
export const ANONYMOUS: Principal = {
	id: ANONYMOUS_ID,
	subject: "anonymous",
	anonymous: true,
	grants: [],
};

/** Before a donor's id, in the id of its principal. */
const DONOR_PREFIX = "donor:";

/**
 * A donor without a credential, by the thumbprint of its key: may be a tab that runs what is published, under any id that
 * is a tab's.
 */
export function donorPrincipal(donorId: string): Principal {
	return {
		id: `${DONOR_PREFIX}${donorId}`,
		subject: `donor ${donorId}`,
		anonymous: false,
		grants: ["node:tab-*"],
	};
}

/** Whether a principal is a donor without a credential. */
export function isStrangeDonor(principalId: string): boolean {
	return principalId.startsWith(DONOR_PREFIX);
}

/** Someone on the same machine, while the gateway runs in development mode: may do everything. */
export const DEVELOPER: Principal = {
	id: "development",
	subject: "development",
	anonymous: false,
	grants: ["admin", "call:*", "node:*", "publish:*"],
};
