import { toBase64Url } from "../codec/base64.js";
import type { EncodedValue } from "../codec/encoded-value.js";
import type { CallerIdentity } from "../protocol/control-messages.js";

/** What two calls must have in common to be given the same answer. */
export interface CallLikeness {
	/** What is called, in whatever words tell one registration of a function from another. */
	readonly callee: readonly (string | number | undefined)[];
	/** Who calls: answers are never shared between principals, nor with a principal whose grants have changed. */
	readonly caller: CallerIdentity;
	/** The arguments as they came. */
	readonly args: EncodedValue | undefined;
	/** Whether `args` are `{args, kwargs}`. */
	readonly named: boolean;
	/** Format wanted for the answer. */
	readonly accept: string | undefined;
}

const encoder = new TextEncoder();

/** Whether calls can be told apart here: browsers keep SHA-256 from insecure pages. */
export function canDigest(): boolean {
	// Typed as if it were always there.
	return (globalThis.crypto as Crypto | undefined)?.subtle !== undefined;
}

/** One text for all calls alike, and for no other: SHA-256 (FIPS 180-4) over all of it, as base64url. */
export async function callDigest(likeness: CallLikeness): Promise<string> {
	const { callee, caller, args, named, accept } = likeness;
	// Each part by its own digest, so that large ones need not be copied into one piece.
	const parts = args
		? await Promise.all([args.body, ...args.attachments].map(sha256))
		: [];
	const whole = JSON.stringify([
		// A hole would be written as null, which is text that a name could not be.
		callee.map((part) => part ?? null),
		[caller.id, caller.anonymous, [...caller.grants].sort()],
		[args?.format ?? null, named, accept ?? null],
		parts,
	]);
	return sha256(encoder.encode(whole));
}

async function sha256(bytes: Uint8Array): Promise<string> {
	// What the network brings is never in memory that threads share, of which the type is not sure.
	const own = bytes as Uint8Array<ArrayBuffer>;
	return toBase64Url(
		new Uint8Array(await crypto.subtle.digest("SHA-256", own)),
	);
}
