import type { Clock } from "@easyremote/shared/time";
import type { Logger } from "pino";
import type { JwtSettings } from "./jwt-options.js";
import { RemoteKeys } from "./remote-keys.js";
import { fixedKeys } from "./token-keys.js";
import { TokenVerifier } from "./token-verifier.js";

/** Makes what checks tokens as the options say. Keys that are elsewhere are fetched with the first token. */
export function createTokenVerifier(
	{ issuer, audience, jwks }: JwtSettings,
	{ clock, log }: { readonly clock: Clock; readonly log: Logger },
): TokenVerifier {
	const keys =
		typeof jwks === "string"
			? new RemoteKeys({ url: jwks, fetch, clock, log })
			: fixedKeys(jwks);
	return new TokenVerifier({ issuer, audience, keys, clock });
}
