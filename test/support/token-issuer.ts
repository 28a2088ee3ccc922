import { exportJWK, generateKeyPair, type JWK, SignJWT } from "jose";

/** Somebody whose tokens a gateway takes. */
export interface TokenIssuer {
	/** `auth.jwt` of a gateway that does. */
	readonly jwt: {
		readonly issuer: string;
		readonly audience: string;
		readonly jwks: { readonly keys: JWK[] };
	};
	/** A token good for a minute, with claims of its own. */
	token(claims?: Readonly<Record<string, unknown>>): Promise<string>;
}

/** Makes an issuer with one Ed25519 key. */
export async function tokenIssuer(
	issuer = "https://issuer.example",
): Promise<TokenIssuer> {
	const { privateKey, publicKey } = await generateKeyPair("EdDSA", {
		extractable: true,
	});
	const audience = "easyremote";
	return {
		jwt: { issuer, audience, jwks: { keys: [await exportJWK(publicKey)] } },
		token: (claims = {}) =>
			new SignJWT({
				iss: issuer,
				aud: audience,
				sub: "anna",
				exp: Math.floor(Date.now() / 1_000) + 60,
				...claims,
			})
				.setProtectedHeader({ alg: "EdDSA" })
				.sign(privateKey),
	};
}
