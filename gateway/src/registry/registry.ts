import type { EasyRemoteError } from "@easyremote/shared/errors";
import type {
	ControlPayload,
	FunctionDescriptor,
	Provider,
	RouteQuery,
} from "@easyremote/shared/protocol";
import type { Principal } from "../auth/principal.js";
import type { NodeConnection } from "./node-entry.js";
import type { NodeStatus } from "./node-status.js";

/** A node that has just said `hello`. */
export interface JoiningNode extends NodeConnection {
	readonly nodeId: string;
}

/** Who may be called for a query. */
export interface ProviderAnswer {
	/** At most 32, each with those of its functions that match and that the principal may call. */
	readonly providers: readonly Provider[];
	/** Why there are none, when there are none. */
	readonly error: EasyRemoteError | undefined;
	/** Differs from the last answer's if anything but loads has changed. */
	readonly version: string;
	/** Differs if a load has changed. */
	readonly loadVersion: string;
}

/** Something about one node has changed, or about what is published. */
export interface RegistryChange {
	/** Absent, it is about published functions at any node. */
	readonly nodeId: string | undefined;
	/** Names of its functions, those it has just lost included. */
	readonly functions: ReadonlySet<string>;
}

/**
 * The nodes connected now, and what they offer. Asynchronous, so that several gateways can share one.
 * Methods that name a `connectionId` do nothing when that node has a newer connection.
 */
export interface Registry {
	/**
	 * Adds a node. The id is bound to the first identity that uses it: the same one takes over (`replaced` is the
	 * connection to close), another is refused with ALREADY_EXISTS. Throws PERMISSION_DENIED without a grant for the id.
	 */
	join(node: JoiningNode): Promise<{ readonly replaced: string | undefined }>;
	/** The connection is gone. What the node offered stays known for a while, as UNAVAILABLE. */
	leave(nodeId: string, connectionId: string): Promise<void>;
	/** Adds or replaces functions by name. Throws PERMISSION_DENIED or RESOURCE_EXHAUSTED; then none is added. */
	register(
		nodeId: string,
		connectionId: string,
		functions: readonly FunctionDescriptor[],
		principal: Principal,
	): Promise<void>;
	unregister(
		nodeId: string,
		connectionId: string,
		names: readonly string[],
	): Promise<void>;
	/** The node's program is alive; it may say how busy it is. */
	heartbeat(
		nodeId: string,
		connectionId: string,
		report: ControlPayload<"heartbeat">,
	): Promise<void>;
	/** No new calls, please. */
	drain(nodeId: string, connectionId: string): Promise<void>;
	/**
	 * The connection over which `principal` may open a session to a node. Throws NOT_FOUND, UNAUTHENTICATED,
	 * PERMISSION_DENIED or UNAVAILABLE.
	 */
	admit(
		nodeId: string,
		principal: Principal,
	): Promise<{ readonly connectionId: string }>;
	/** Who may be called for a query. What is hidden from the principal is as if it did not exist. */
	providersFor(
		query: RouteQuery,
		principal: Principal,
	): Promise<ProviderAnswer>;
	/** Every node with what the principal may see of it, schemas included. */
	list(principal: Principal): Promise<readonly Provider[]>;
	/** The state of every node that the principal may see something of; lost ones stay on it for ten minutes. */
	nodes(principal: Principal): Promise<readonly NodeStatus[]>;
	/** Tells of every change. The answer removes the listener. */
	listen(listener: (change: RegistryChange) => void): () => void;
	/** The donor that a node is or was, if it is known still, by the thumbprint of its key. */
	donorOf(nodeId: string): Promise<string | undefined>;
	/** Trust in a donor has changed. */
	trustChanged(donorId: string): void;
	/** Stops looking for silent nodes. */
	close(): void;
}
