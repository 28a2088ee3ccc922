import { createHash } from "node:crypto";
import { EasyRemoteError } from "@easyremote/shared/errors";
import type { Clock } from "@easyremote/shared/time";
import { errors, jwtVerify } from "jose";
import { LRUCache } from "lru-cache";
import type { Principal } from "../principal.js";
import { tokenPrincipal } from "./token-claims.js";
import type { TokenKeys } from "./token-keys.js";

/** Asymmetric, modern, and hard to get wrong. Anything else, "none" and HMAC above all, is refused unread. */
const ALGORITHMS = ["EdDSA", "ES256"];
/** Longest token, characters: a stranger makes us decode no more. */
const MAX_LENGTH = 8_192;
const FORM = /^[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+$/;
/** Tokens whose check is remembered: a signature costs a tenth of a millisecond, and REST shows it with each call. */
const MAX_REMEMBERED = 1_000;

export interface TokenVerifierOptions {
	readonly issuer: string;
	readonly audience: string | string[];
	readonly keys: TokenKeys;
	readonly clock: Clock;
}

/** Who a token stands for, or why it does not, in a word for logs. */
export type TokenVerdict =
	| { readonly principal: Principal }
	| { readonly refused: string };

/** Checks JSON Web Tokens (RFC 7519) by jose. */
export class TokenVerifier {
	readonly #options: TokenVerifierOptions;
	/** By hash, so that no token is kept. */
	readonly #remembered = new LRUCache<string, Principal>({
		max: MAX_REMEMBERED,
	});
	#generation = 0;

	constructor(options: TokenVerifierOptions) {
		this.#options = options;
	}

	/** Throws UNAVAILABLE where the issuer's keys cannot be had. */
	async verify(token: string): Promise<TokenVerdict> {
		if (token.length > MAX_LENGTH || !FORM.test(token))
			return { refused: "malformed" };
		const { keys, clock } = this.#options;
		keys.freshen();
		const hash = createHash("sha256").update(token).digest("base64");
		const known = this.#recall(hash);
		if (known && (known.expiresAt ?? 0) > clock.now())
			return { principal: known };
		const verdict = await this.#check(token);
		if ("principal" in verdict) this.#remembered.set(hash, verdict.principal);
		return verdict;
	}

	close(): void {
		this.#options.keys.close();
	}

	#recall(hash: string): Principal | undefined {
		const { generation } = this.#options.keys;
		if (generation !== this.#generation) this.#remembered.clear();
		this.#generation = generation;
		return this.#remembered.get(hash);
	}

	async #check(token: string): Promise<TokenVerdict> {
		const { issuer, audience, keys, clock } = this.#options;
		try {
			const { payload } = await jwtVerify(token, keys.find, {
				algorithms: ALGORITHMS,
				issuer,
				audience,
				requiredClaims: ["exp", "sub"],
				currentDate: new Date(clock.now()),
			});
			const principal = tokenPrincipal(payload);
			return principal ? { principal } : { refused: "claims" };
		} catch (error) {
			if (error instanceof EasyRemoteError) throw error;
			// A key that cannot be used is no reason to let anybody in either.
			return {
				refused:
					error instanceof errors.JOSEError ? error.code : "unusable key",
			};
		}
	}
}
