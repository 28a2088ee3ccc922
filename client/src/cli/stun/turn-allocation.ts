import { createHash } from "node:crypto";
import {
	addressIn,
	ATTRIBUTE,
	attributeOf,
	errorIn,
	type StunMessage,
	stunRequest,
} from "./stun-message.js";
import type { StunAnswer, StunSocket } from "./stun-socket.js";

const ALLOCATE = 0x0003;
const ALLOCATE_SUCCESS = 0x0103;
const REFRESH = 0x0004;
/** REQUESTED-TRANSPORT: UDP, by its number in IP (RFC 8656 §18.7). */
const OVER_UDP = Buffer.from([17, 0, 0, 0]);
/** LIFETIME of an allocation that is given back, s. */
const NO_LIFETIME = Buffer.alloc(4);
/** Codes that mean "the same again, with this realm and nonce": none was given, or it is stale. */
const AGAIN = new Set([401, 438]);

/** Who asks. */
export interface TurnCredentials {
	readonly username: string;
	readonly credential: string;
}

/** How an allocation went: with the address that relays, refused, or `silent`. */
export type Allocation =
	| { readonly kind: "granted"; readonly relayed: string; readonly ms: number }
	| { readonly kind: "refused"; readonly code: number; readonly text: string }
	| { readonly kind: "silent" };

/** Allocates a relayed address on a TURN server, as a peer would, and gives it back (RFC 8656 §7). */
export async function tryAllocation(
	socket: StunSocket,
	credentials: TurnCredentials,
	signal?: AbortSignal,
): Promise<Allocation> {
	const begunAt = performance.now();
	const options = signal ? { signal } : {};
	let answer = await socket.request(allocate([]), options);
	let proof: Proof | undefined;
	// The first answer names the realm; a second may say that its nonce has become stale.
	for (let tries = 0; tries < 2 && isAgain(answer); tries += 1) {
		proof = proofFor(credentials, answer.message);
		answer = await socket.request(allocate(proof.attributes), {
			...options,
			key: proof.key,
		});
	}
	if (!answer) return { kind: "silent" };
	const relayed = addressIn(answer.message, ATTRIBUTE.xorRelayedAddress);
	if (answer.message.type !== ALLOCATE_SUCCESS || relayed === undefined) {
		const refusal = errorIn(answer.message);
		return {
			kind: "refused",
			code: refusal?.code ?? 0,
			text: refusal?.text ?? "an answer without sense",
		};
	}
	const ms = performance.now() - begunAt;
	if (proof) {
		const lifetime = [ATTRIBUTE.lifetime, NO_LIFETIME] as const;
		const release = stunRequest(REFRESH, [lifetime, ...proof.attributes]);
		await socket.request(release, { ...options, key: proof.key });
	}
	return { kind: "granted", relayed, ms };
}

/** What shows that a request comes from who knows the password (RFC 8489 §9.2). */
interface Proof {
	readonly attributes: StunMessage["attributes"];
	readonly key: Buffer;
}

/** The key of long-term credentials (RFC 8489 §9.2.2). */
export function longTermKey(
	{ username, credential }: TurnCredentials,
	realm: string,
): Buffer {
	return createHash("md5")
		.update(`${username}:${realm}:${credential}`)
		.digest();
}

function proofFor(credentials: TurnCredentials, asked: StunMessage): Proof {
	const realm = attributeOf(asked, ATTRIBUTE.realm) ?? Buffer.alloc(0);
	const nonce = attributeOf(asked, ATTRIBUTE.nonce) ?? Buffer.alloc(0);
	return {
		attributes: [
			[ATTRIBUTE.username, Buffer.from(credentials.username)],
			[ATTRIBUTE.realm, realm],
			[ATTRIBUTE.nonce, nonce],
		],
		key: longTermKey(credentials, realm.toString("utf8")),
	};
}

function allocate(attributes: StunMessage["attributes"]): StunMessage {
	return stunRequest(ALLOCATE, [
		[ATTRIBUTE.requestedTransport, OVER_UDP],
		...attributes,
	]);
}

function isAgain(answer: StunAnswer | undefined): answer is StunAnswer {
	if (!answer) return false;
	const error = errorIn(answer.message);
	return error !== undefined && AGAIN.has(error.code);
}
