import { EasyRemoteError } from "@easyremote/shared/errors";
import type { ControlPayload, NodeProfile } from "@easyremote/shared/protocol";
import { verifyDonor } from "@easyremote/shared/security";
import type { Clock } from "@easyremote/shared/time";
import type { AuthContext, Authenticate } from "../auth/authenticate.js";
import {
	DEVELOPER,
	donorPrincipal,
	type Principal,
} from "../auth/principal.js";

/** A donor that is let in. */
export interface AdmittedDonor {
	readonly principal: Principal;
	/** Thumbprint of its key, and whether its results are taken without comparing. */
	readonly donor: { readonly id: string; readonly trusted: boolean };
	/** The principal by whose right it came in: when that is void, it has to go. */
	readonly letInBy: string;
}

export interface DonorArrival {
	readonly nodeId: string;
	readonly hello: ControlPayload<"hello">;
	readonly profile: NodeProfile;
	readonly credential: string | undefined;
	readonly context: AuthContext;
}

export interface DonorAdmission {
	readonly authenticate: Authenticate;
	readonly clock: Clock;
	/** Whether donors need no credential. */
	readonly openDonors: boolean;
}

/** Most that a donor may say of itself, as JSON, bytes: it is kept for a while after the donor has left, and anybody may be one. */
const MAX_PROFILE_BYTES = 4 * 1024;

/**
 * Finds out who a donor is: whoever has the key that it shows, and, with a credential, that one's owner. Throws
 * UNAUTHENTICATED without a good proof, without a credential where one is needed, or with one that is not valid;
 * INVALID_ARGUMENT if it says more of itself than is kept.
 */
export async function admitDonor(
	{ authenticate, clock, openDonors }: DonorAdmission,
	{ nodeId, hello, profile, credential, context }: DonorArrival,
): Promise<AdmittedDonor> {
	const stranger =
		credential === undefined && context.certificate === undefined;
	const owner =
		stranger && openDonors
			? undefined
			: await authenticate(credential, context);
	if (owner?.anonymous) throw credentialWanted();
	if (!profile.donor) throw proofWanted();
	const said = Buffer.byteLength(JSON.stringify([hello.agent, profile]));
	if (said > MAX_PROFILE_BYTES) throw tooMuchSaid(said);
	const claim = { host: context.host ?? "", nodeId, instance: hello.instance };
	const id = await verifyDonor(profile.donor, claim, clock.now());
	// Development mode is everybody's: what tells its donors apart are their keys.
	const principal =
		owner && owner.id !== DEVELOPER.id ? owner : donorPrincipal(id);
	return {
		principal,
		donor: { id, trusted: principal.grants.includes("trusted") },
		letInBy: owner?.id ?? principal.id,
	};
}

function credentialWanted(): EasyRemoteError {
	return new EasyRemoteError(
		"UNAUTHENTICATED",
		"donating to this gateway takes a credential",
		{
			hint: "Use a key with a grant such as node:tab-*, or start the gateway with --open-donors.",
		},
	);
}

function tooMuchSaid(bytes: number): EasyRemoteError {
	return new EasyRemoteError(
		"INVALID_ARGUMENT",
		`a donor says ${bytes} bytes of itself; at most ${MAX_PROFILE_BYTES} are kept`,
		{ hint: "Use fewer and shorter tags." },
	);
}

function proofWanted(): EasyRemoteError {
	return new EasyRemoteError(
		"UNAUTHENTICATED",
		"a donor has to prove that it has a key of its own",
		{
			hint: "PROTOCOL.md says what it signs; /donate does it.",
		},
	);
}
