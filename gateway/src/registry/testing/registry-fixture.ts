import type {
	FunctionDescriptor,
	NodeProfile,
	NodeResources,
	RouteQuery,
} from "@easyremote/shared/protocol";
import { ManualClock } from "@easyremote/shared/time";
import type { Principal } from "../../auth/principal.js";
import { descriptor } from "../../socket/testing/raw-peer.js";
import { principal } from "../../socket/testing/test-gateway.js";
import { createMemoryStore } from "../../store/memory-store.js";
import {
	MemoryRegistry,
	type MemoryRegistryOptions,
} from "../memory-registry.js";
import type { JoiningNode } from "../registry.js";

/** Whose nodes join unless somebody else is named. */
export const owner = principal("owner", "node:*");
/** Who asks unless somebody else is named. */
export const caller = principal("caller", "call:*");

interface JoinFields extends Pick<JoiningNode, "agent" | "address"> {
	readonly resources?: NodeResources;
	readonly kind?: NodeProfile["kind"];
	readonly donor?: JoiningNode["donor"];
	readonly capabilities?: NodeProfile["capabilities"];
	readonly engine?: string;
	readonly connectionId?: string;
	readonly tags?: string[];
	readonly as?: Principal;
}

/** A registry on a clock moved by hand, and short ways to use it. */
export function openRegistry(
	options: Pick<MemoryRegistryOptions, "published"> = {},
) {
	const clock = new ManualClock();
	/** Nodes given up, with their connections. */
	const silent: string[] = [];
	const registry = new MemoryRegistry({
		identities: createMemoryStore().identities,
		clock,
		...options,
		silent: (...names) => silent.push(names.join(" ")),
	});
	return {
		clock,
		registry,
		silent,
		async join(
			nodeId: string,
			functions: readonly (string | FunctionDescriptor)[],
			fields: JoinFields = {},
		) {
			const { connectionId = `c-${nodeId}`, tags = [], as = owner } = fields;
			const { agent, address, resources, kind = "compute", donor } = fields;
			const { capabilities, engine } = fields;
			const load = { running: 0, queued: 0, maxConcurrent: 10 };
			const answer = await registry.join({
				nodeId,
				connectionId,
				principal: as,
				profile: {
					kind,
					tags,
					direct: true,
					load,
					resources,
					engine,
					capabilities,
				},
				donor,
				agent,
				address,
			});
			const descriptors = functions.map((each) =>
				typeof each === "string" ? descriptor(each) : each,
			);
			await registry.register(nodeId, connectionId, descriptors, as);
			return answer;
		},
		/** The nodes offered for a query. */
		async ids(query: RouteQuery, by = caller): Promise<string[]> {
			const { providers } = await registry.providersFor(query, by);
			return providers.map(({ nodeId }) => nodeId);
		},
		/** Why there are none. */
		async refusal(query: RouteQuery, by = caller) {
			const { error } = await registry.providersFor(query, by);
			return error && { code: error.code, hint: error.hint };
		},
	};
}

export type RegistryFixture = ReturnType<typeof openRegistry>;
