import { exportJWK, generateKeyPair, type JWK, SignJWT } from "jose";

/** Somebody who issues tokens, with one key. */
export interface TestIssuer {
	/** The public key, as it would be published. */
	readonly jwk: JWK;
	/** Signs a token that is fine but for what the arguments say; a claim or header that is undefined is left out. */
	token(
		claims?: Readonly<Record<string, unknown>>,
		header?: Readonly<Record<string, unknown>>,
	): Promise<string>;
}

export const ISSUER = "https://issuer.example";
export const AUDIENCE = "easyremote";

/** Makes an issuer. `now` is what its tokens take for the present, ms since the epoch. */
export async function testIssuer(
	now: () => number,
	{ alg = "EdDSA", kid = "k1" } = {},
): Promise<TestIssuer> {
	const { privateKey, publicKey } = await generateKeyPair(alg, {
		extractable: true,
	});
	return {
		jwk: { ...(await exportJWK(publicKey)), kid, alg },
		token: (claims = {}, header = {}) => {
			const seconds = Math.floor(now() / 1_000);
			const usual = {
				iss: ISSUER,
				aud: AUDIENCE,
				sub: "anna",
				exp: seconds + 60,
			};
			return new SignJWT({ ...usual, ...claims })
				.setProtectedHeader({ alg, kid, ...header })
				.sign(privateKey);
		},
	};
}
