import { ManualClock } from "@easyremote/shared/time";
import { exportSPKI, importJWK, SignJWT, UnsecuredJWT } from "jose";
import { beforeAll, beforeEach, describe, expect, it } from "vitest";
import {
	AUDIENCE,
	ISSUER,
	type TestIssuer,
	testIssuer,
} from "../testing/test-issuer.js";
import { fixedKeys } from "./token-keys.js";
import { type TokenVerdict, TokenVerifier } from "./token-verifier.js";

let clock: ManualClock;
const now = () => clock.now();
let issuer: TestIssuer;
let elliptic: TestIssuer;
let stranger: TestIssuer;
let rsa: TestIssuer;
let verifier: TokenVerifier;

beforeAll(async () => {
	clock = new ManualClock();
	issuer = await testIssuer(now);
	elliptic = await testIssuer(now, { alg: "ES256", kid: "k2" });
	stranger = await testIssuer(now);
	rsa = await testIssuer(now, { alg: "RS256", kid: "k3" });
});

beforeEach(() => {
	clock = new ManualClock();
	verifier = new TokenVerifier({
		issuer: ISSUER,
		audience: AUDIENCE,
		keys: fixedKeys({ keys: [issuer.jwk, elliptic.jwk, rsa.jwk] }),
		clock,
	});
});

async function refusal(token: string): Promise<string> {
	const verdict: TokenVerdict = await verifier.verify(token);
	if ("principal" in verdict) throw new Error("it was taken");
	return verdict.refused;
}

describe("a token", () => {
	it("stands for its subject, until it expires", async () => {
		const exp = Math.floor(clock.now() / 1_000) + 60;
		const token = await issuer.token({ exp, scope: "openid call:gpu-*.* x" });
		expect(await verifier.verify(token)).toEqual({
			principal: {
				id: "jwt:anna",
				subject: "anna",
				anonymous: false,
				grants: ["call:gpu-*.*"],
				expiresAt: exp * 1_000,
			},
		});
		await clock.advance(61_000);
		expect(await refusal(token)).toBe("ERR_JWT_EXPIRED");
	});

	it("may be signed by ES256", async () => {
		const token = await elliptic.token();
		expect(await verifier.verify(token)).toHaveProperty("principal");
	});

	it.each([
		[{ easyremote: { role: "node" } }, ["node:*"]],
		[{ easyremote: { role: "node", grants: ["node:a"] } }, ["node:a"]],
		[{ easyremote: { grants: ["admin"] }, scope: "call:*" }, ["admin"]],
		[{ easyremote: {}, scope: "call:*" }, []],
		[{ scope: "everything *" }, []],
		[{}, []],
	])("with %j may do %j", async (claims, grants) => {
		const token = await issuer.token(claims);
		expect(await verifier.verify(token)).toMatchObject({
			principal: { grants },
		});
	});

	it.each<Record<string, unknown>>([
		{ iss: "https://other.example" },
		{ iss: undefined },
		{ aud: "other" },
		{ aud: undefined },
		{ exp: undefined },
		{ exp: 1 },
		{ nbf: 9e9 },
		{ sub: undefined },
		{ sub: "" },
		{ sub: "a\nb" },
		{ sub: "x".repeat(257) },
		{ easyremote: { role: "king" } },
		{ easyremote: { grant: ["call:add"] } },
		{ easyremote: { grants: ["everything"] } },
		{ easyremote: { grants: Array<string>(257).fill("call:*") } },
		{ easyremote: "admin" },
		{ scope: ["admin"] },
	])("with %j is refused", async (claims) => {
		expect(await refusal(await issuer.token(claims))).toMatch(
			/^ERR_JWT_|^claims$/,
		);
	});

	it("of a stranger who names the issuer's key is refused", async () => {
		expect(await refusal(await stranger.token())).toBe(
			"ERR_JWS_SIGNATURE_VERIFICATION_FAILED",
		);
	});

	it("changed on its way is refused", async () => {
		const [header, , signature] = (await issuer.token()).split(".");
		const [, payload] = (await issuer.token({ sub: "bob" })).split(".");
		expect(await refusal([header, payload, signature].join("."))).toBe(
			"ERR_JWS_SIGNATURE_VERIFICATION_FAILED",
		);
	});

	it("of another algorithm is refused, though its key is known", async () => {
		expect(await refusal(await rsa.token())).toBe("ERR_JOSE_ALG_NOT_ALLOWED");
		const unsigned = new UnsecuredJWT({ iss: ISSUER, aud: AUDIENCE, sub: "a" })
			.setExpirationTime("1h")
			.encode();
		expect(await refusal(unsigned)).toBe("malformed");
		expect(await refusal(`${unsigned}AAAA`)).toBe("ERR_JOSE_ALG_NOT_ALLOWED");
		// The public key, which everybody knows, taken for a shared secret.
		const key = await importJWK(issuer.jwk, "EdDSA", { extractable: true });
		const secret = new TextEncoder().encode(await exportSPKI(key as CryptoKey));
		const confused = await new SignJWT({ iss: ISSUER, aud: AUDIENCE, sub: "a" })
			.setProtectedHeader({ alg: "HS256", kid: "k1" })
			.setExpirationTime(clock.now() / 1_000 + 60)
			.sign(secret);
		expect(await refusal(confused)).toBe("ERR_JOSE_ALG_NOT_ALLOWED");
	});

	it.each([
		"",
		"..",
		"a.b.c",
		"e30.e30.e30",
		"eyJhbGciOiJub25lIn0.e30.",
		`${"a".repeat(8_192)}.b.c`,
		"\0.\0.\0",
		"eyJhbGciOiJFZERTQSIsImNyaXQiOlsieCJdLCJ4IjoxfQ.e30.AAAA",
	])("that is none is refused: %j", async (text) => {
		expect(await refusal(text)).toMatch(/^malformed$|^ERR_/);
	});

	it("is checked again when the keys have changed", async () => {
		let generation = 0;
		let keys = fixedKeys({ keys: [issuer.jwk] });
		verifier = new TokenVerifier({
			issuer: ISSUER,
			audience: AUDIENCE,
			keys: {
				get generation() {
					return generation;
				},
				find: (header, token) => keys.find(header, token),
				freshen: () => undefined,
				close: () => undefined,
			},
			clock,
		});
		const token = await issuer.token();
		expect(await verifier.verify(token)).toHaveProperty("principal");
		keys = fixedKeys({ keys: [elliptic.jwk] });
		expect(await verifier.verify(token)).toHaveProperty("principal");
		generation += 1;
		expect(await refusal(token)).toBe("ERR_JWKS_NO_MATCHING_KEY");
	});
});
