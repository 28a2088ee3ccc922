import {
	createLocalJWKSet,
	type JSONWebKeySet,
	type JWTVerifyGetKey,
} from "jose";

/** The keys by which tokens are checked. */
export interface TokenKeys {
	/** Another one whenever the keys have changed: what was checked before is to be checked again. */
	readonly generation: number;
	/** The key that a token names. Rejects with one of jose's errors, or with UNAVAILABLE where no keys can be had. */
	readonly find: JWTVerifyGetKey;
	/** Looks for newer keys if it is time to; nobody waits for that. */
	freshen(): void;
	close(): void;
}

/** Keys that stand in the options, and stay. */
export function fixedKeys(jwks: JSONWebKeySet): TokenKeys {
	return {
		generation: 0,
		find: createLocalJWKSet(jwks),
		freshen: () => undefined,
		close: () => undefined,
	};
}
