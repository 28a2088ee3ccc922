import { EasyRemoteError } from "@easyremote/shared/errors";
import { parseApiKey } from "@easyremote/shared/security";
import type { Clock } from "@easyremote/shared/time";
import type { Logger } from "pino";
import { TokenBuckets } from "../limits/token-buckets.js";
import type { Store } from "../store/store.js";
import type { AuthContext, Authenticate } from "./authenticate.js";
import { matchesHash } from "./key-hash.js";
import { KeyRing } from "./key-ring.js";
import { isLoopbackAddress, isLoopbackHostHeader } from "./loopback.js";
import { ANONYMOUS, DEVELOPER, type Principal } from "./principal.js";

/** Bad credentials an address may offer at once, and in the long run a second. */
const FAILURES = { burst: 20, perSecond: 1 };

export interface AuthenticatorOptions {
	readonly store: Store;
	readonly clock: Clock;
	readonly log: Logger;
	/** Whether callers without a credential are let in, for what needs none. */
	readonly allowAnonymous: boolean;
	/** Whether the gateway can be reached from its own machine only. */
	readonly loopbackOnly: boolean;
	/** Told of principals whose credential is void from now on: their connections are to be closed. */
	readonly lost: (principalIds: readonly string[]) => void;
}

/** Who may come in: API keys, nobody in particular, or, in development mode, everybody on this machine. */
export class Authenticator {
	readonly #options: AuthenticatorOptions;
	readonly #ring: KeyRing;
	readonly #failures: TokenBuckets;
	#opened = false;

	constructor(options: AuthenticatorOptions) {
		const { store, clock, log, lost } = options;
		this.#options = options;
		this.#failures = new TokenBuckets({ ...FAILURES, clock });
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
		if (credential !== undefined) return this.#byKey(credential, context);
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

	#byKey(credential: string, { address }: AuthContext): Principal {
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
		if (!this.#failures.take(address)) {
			throw new EasyRemoteError(
				"RESOURCE_EXHAUSTED",
				"too many bad credentials from this address",
				{
					retryAfterMs: this.#failures.waitMs(address),
				},
			);
		}
		this.#options.log.warn({ address }, "a credential was refused");
		throw new EasyRemoteError(
			"UNAUTHENTICATED",
			"the credential is not valid: unknown, expired or revoked",
			{
				hint: "Check the key, or create a new one: easyremote-gateway key create.",
			},
		);
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
