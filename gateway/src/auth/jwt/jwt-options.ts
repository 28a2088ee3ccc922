import type { JSONWebKeySet } from "jose";
import * as v from "valibot";
import { isLoopbackHostname } from "../loopback.js";

/** Members of a JWK that only its owner may have (RFC 7518 §6). */
const SECRET_MEMBERS = ["d", "k"];
/** Kinds of keys that EdDSA and ES256 are checked with. */
const CURVES = ["Ed25519", "P-256"];

const text = v.pipe(v.string(), v.nonEmpty());

/** Where keys are fetched from: in clear only within this machine, since whoever changes them on the way is the issuer. */
const keySetUrl = v.pipe(
	v.string(),
	v.check(
		isKeySetUrl,
		"expected an https URL without a password; http only for this machine",
	),
);

const keySet = v.pipe(
	v.custom<JSONWebKeySet>(isKeySet, "expected a URL, or { keys: […] }"),
	v.check(
		({ keys }) =>
			!keys.some((key) => SECRET_MEMBERS.some((member) => member in key)),
		"holds a private key: give the public one",
	),
	v.check(
		({ keys }) => keys.some(({ crv }) => CURVES.includes(String(crv))),
		"holds no key for EdDSA (Ed25519) or ES256 (P-256)",
	),
);

/** Which tokens are taken: `auth.jwt`. */
export const jwtSchema = v.strictObject({
	/** What `iss` must be. */
	issuer: text,
	/** What must be in `aud`; of several, one. */
	audience: v.union([text, v.pipe(v.array(text), v.nonEmpty())]),
	/** The issuer's public keys: where it publishes them, or themselves. */
	// Chosen by what is there, since a union would not say what is wrong.
	jwks: v.lazy((input) => (typeof input === "string" ? keySetUrl : keySet)),
});

/** `auth.jwt`, checked. */
export type JwtSettings = v.InferOutput<typeof jwtSchema>;

function isKeySet(value: unknown): boolean {
	if (typeof value !== "object" || value === null) return false;
	const keys: unknown = Reflect.get(value, "keys");
	return (
		Array.isArray(keys) &&
		keys.every((key) => typeof key === "object" && key !== null)
	);
}

function isKeySetUrl(text: string): boolean {
	if (!URL.canParse(text)) return false;
	const { protocol, hostname, username, password } = new URL(text);
	if (username !== "" || password !== "") return false;
	return (
		protocol === "https:" ||
		(protocol === "http:" && isLoopbackHostname(hostname))
	);
}
