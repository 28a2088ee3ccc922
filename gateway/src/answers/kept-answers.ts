import { callDigest } from "@easyremote/shared/cache";
import type {
	AnswerPlace,
	AnswerSource,
	KeepableCall,
	KnownAnswer,
} from "@easyremote/shared/caller";
import type { FunctionDescriptor } from "@easyremote/shared/protocol";
import type { Principal } from "../auth/principal.js";
import type { Registry } from "../registry/registry.js";
import type { AnswerShelf } from "./answer-shelf.js";

export interface KeptAnswersOptions {
	readonly shelf: AnswerShelf;
	/** Says what a node offers now. */
	readonly registry: Pick<Registry, "providersFor">;
	/** Whose calls are answered; nobody else's answers are among them. */
	readonly principal: Principal;
}

/**
 * Answers to the REST calls of one principal, of functions that ask for it (`cache: { ttl }`) and say which `version` they
 * are: of others nobody can tell whether a node that comes back still means the same. A call looks here when it is
 * about to be sent. It is answered only while the node offers that version, and to who may call it.
 */
export class KeptAnswers implements AnswerSource {
	readonly #options: KeptAnswersOptions;

	constructor(options: KeptAnswersOptions) {
		this.#options = options;
	}

	find(call: KeepableCall): Promise<AnswerPlace> | undefined {
		return isKept(call.descriptor) ? this.#find(call) : undefined;
	}

	async #find(call: KeepableCall): Promise<AnswerPlace> {
		const { shelf, principal } = this.#options;
		const { nodeId, descriptor, args, named, accept } = call;
		const key = await callDigest({
			callee: [nodeId, descriptor.name, descriptor.version],
			caller: principal,
			args,
			named,
			accept,
		});
		const found = await shelf.get(key);
		// Last, since it may change meanwhile; and what the call goes by may be a moment old.
		const known = found && (await this.#isOffered(call)) ? found : undefined;
		return {
			known,
			keep: (answer) => void this.#keep(key, call, answer, found !== undefined),
		};
	}

	/** The call may have gone to a node that has come back with another version: nobody knows then whose answer it is. */
	async #keep(
		key: string,
		call: KeepableCall,
		answer: KnownAnswer,
		replaces: boolean,
	): Promise<void> {
		if (await this.#isOffered(call))
			this.#options.shelf.put(key, answer, replaces);
	}

	async #isOffered({ nodeId, descriptor }: KeepableCall): Promise<boolean> {
		const { registry, principal } = this.#options;
		const query = { node: nodeId, function: descriptor.name };
		try {
			const { providers } = await registry.providersFor(query, principal);
			return providers.some(({ functions }) =>
				functions.some(
					(now) => isKept(now) && now.version === descriptor.version,
				),
			);
		} catch {
			// A registry that does not answer vouches for nothing; the call itself will tell of it.
			return false;
		}
	}
}

function isKept({
	version,
	cacheTtlMs,
	stream,
}: Pick<FunctionDescriptor, "version" | "cacheTtlMs" | "stream">): boolean {
	return version !== undefined && cacheTtlMs !== undefined && !stream;
}
