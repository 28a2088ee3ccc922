import type { NodeResources, Provider } from "@easyremote/shared/protocol";
import type { AddressClass } from "./address-class.js";
import type { NodeState } from "./node-health.js";

/** All that can be told about one node: what `GET /api/nodes` shows. */
export interface NodeStatus extends Omit<Provider, "state"> {
	readonly state: NodeState;
	/** Since when it is in this state, ISO 8601. */
	readonly since: string;
	/** Its program and that program's version, such as "easyremote-node/0.1.0". */
	readonly version?: string;
	/** Where its address can be reached from; unknown behind a proxy that is not trusted. */
	readonly addressClass?: AddressClass;
	/** The address itself, for admins only. */
	readonly address?: string;
	readonly resources?: NodeResources;
}
