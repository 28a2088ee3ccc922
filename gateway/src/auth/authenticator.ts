import { EasyRemoteError } from "@easyremote/shared/errors";
import { parseApiKey } from "@easyremote/shared/security";
import type { Clock } from "@easyremote/shared/time";
import type { Logger } from "pino";
import type { Store } from "../store/store.js";
import type { AuthContext, Authenticate } from "./authenticate.js";
import { certificatePrincipal } from "./certificate-principal.js";
import type { ClientCertificate } from "./client-certificate.js";
import { FailedAttempts } from "./failed-attempts.js";
import type { TokenVerifier } from "./jwt/token-verifier.js";
import { matchesHash } from "./key-hash.js";
import { KeyRing } from "./key-ring.js";
import { isLoopbackAddress, isLoopbackHostHeader } from "./loopback.js";
import { ANONYMOUS, DEVELOPER, type Principal } from "./principal.js";

export interface AuthenticatorOptions {
	readonly store: Store;
	readonly clock: Clock;
	readonly log: Logger;
	/** Whether callers without a credential are let in, for what needs none. */
	readonly allowAnonymous: boolean;
	/** Whether the gateway can be reached from its own machine only. */
	readonly loopbackOnly: boolean;
	/** Checks JWTs; without, there are none that are valid. */
	readonly tokens?: TokenVerifier | undefined;
	/** Told of principals whose credential is void from now on: their connections are to be closed. */
	readonly lost: (principalIds: readonly string[]) => void;
}

/**
 * Who may come in: holders of API keys, tokens and client certificates, nobody in particular, or, in development mode,
 * everybody on this machine.
 */
export class Authenticator {
	readonly #options: AuthenticatorOptions;
	readonly #ring: KeyRing;
	readonly #failures: FailedAttempts;
	#opened = false;

	constructor(options: AuthenticatorOptions) {
		const { store, clock, log, lost } = options;
		this.#options = options;
		this.#failures = new FailedAttempts({ clock, log });
		this.#ring = new KeyRing({
			store,
			clock,
			log,
			lost: (ids) => {
				lost(ids.map(principalId));
			},
			firstKey: () => {
				if (!options.loopbackOnly) return;
				log.warn("the first key was created: development mode is over");
				lost([DEVELOPER.id]);
			},
		});
	}

	/** Reads the keys; before that nobody gets in. Throws UNAVAILABLE as the store does. */
	async open(): Promise<void> {
		await this.#ring.open();
		this.#opened = true;
	}

	close(): void {
		this.#ring.close();
		this.#options.tokens?.close();
	}

	/** Whether everybody on this machine may do everything: reachable from here only, and no key was ever made. */
	get developmentMode(): boolean {
		return this.#opened && this.#options.loopbackOnly && this.#ring.empty;
	}

	/** Whether there has never been a key. */
	get hasNoKeys(): boolean {
		return this.#ring.empty;
	}

	/** Takes notice of keys just created or revoked, without waiting for the next look at the store. */
	refresh(): Promise<void> {
		return this.#ring.refresh();
	}

	/** Whether somebody who was let in before would be now, as far as that can be told without the credential. */
	stillValid({ id }: Principal): boolean {
		if (id === DEVELOPER.id) return this.developmentMode;
		if (!id.startsWith(KEY_PREFIX)) return true;
		return this.#ring.find(id.slice(KEY_PREFIX.length)) !== undefined;
	}

	readonly authenticate: Authenticate = async (credential, context) => {
		if (!this.#opened)
			throw new EasyRemoteError(
				"UNAVAILABLE",
				"the gateway is not listening yet",
			);
		const { certificate } = context;
		// Looked at even beside a credential: what is there and void is never overlooked.
		const certified = certificate && this.#byCertificate(certificate, context);
		if (credential !== undefined)
			return this.#byCredential(credential, context);
		if (certified) return certified;
		if (this.developmentMode && fromThisMachine(context)) return DEVELOPER;
		if (this.#options.allowAnonymous) return ANONYMOUS;
		throw new EasyRemoteError(
			"UNAUTHENTICATED",
			"this gateway wants a credential",
			{
				hint: this.developmentMode
					? "Without keys it is open to this machine only, under a loopback name and without proxies: create a key (easyremote-gateway key create)."
					: "Send an API key: Authorization: Bearer er_…, or the option `key` of a client or node.",
			},
		);
	};

	async #byCredential(
		credential: string,
		{ address }: AuthContext,
	): Promise<Principal> {
		const key = this.#findKey(credential);
		if (key) {
			return {
				id: principalId(key.id),
				subject: key.name === "" ? key.id : key.name,
				anonymous: false,
				grants: [...key.grants],
				expiresAt: key.expiresAt,
			};
		}
		const { tokens } = this.#options;
		if (parseApiKey(credential) || !tokens)
			throw this.#failures.refuse(address, "no valid key");
		const verdict = await tokens.verify(credential);
		if ("principal" in verdict) return verdict.principal;
		throw this.#failures.refuse(address, verdict.refused);
	}

	#byCertificate(
		certificate: ClientCertificate,
		{ address }: AuthContext,
	): Principal {
		if (!certificate.trusted)
			throw this.#failures.refuse(address, "certificate of another authority");
		// NaN, from a date that cannot be read, is not over now either.
		if (!(certificate.expiresAt > this.#options.clock.now()))
			throw this.#failures.refuse(address, "certificate expired");
		return certificatePrincipal(certificate);
	}

	#findKey(credential: string) {
		const parsed = parseApiKey(credential);
		const key = parsed && this.#ring.find(parsed.id);
		return key && matchesHash(credential, key.hash) ? key : undefined;
	}
}

/** Before a key's id, in the id of the principal that it stands for. */
const KEY_PREFIX = "key:";

/** The principal that a key stands for. */
function principalId(keyId: string): string {
	return `${KEY_PREFIX}${keyId}`;
}

/** Through a proxy, or under a name that DNS gave to this machine, somebody else may be at the other end. */
function fromThisMachine({ address, host, forwarded }: AuthContext): boolean {
	return (
		!forwarded &&
		isLoopbackAddress(address) &&
		host !== undefined &&
		isLoopbackHostHeader(host)
	);
}
