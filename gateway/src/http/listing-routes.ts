import type { FunctionDescriptor, Provider } from "@easyremote/shared/protocol";
import { type Context, Hono } from "hono";
import type { Principal } from "../auth/principal.js";
import { fitListing } from "../limits/fit-listing.js";
import type { NodeStatus } from "../registry/node-status.js";
import type { HttpEnv } from "./http-env.js";

export interface ListingRoutesOptions {
	readonly authenticate: (context: Context<HttpEnv>) => Promise<Principal>;
	/** The nodes that a principal may see, each with those of its functions that it may use. */
	readonly providersFor: (principal: Principal) => Promise<readonly Provider[]>;
	/** The same, with all that is known of the nodes' state. */
	readonly nodesFor: (principal: Principal) => Promise<readonly NodeStatus[]>;
	/** Most that a listing says, bytes. */
	readonly maxBytes: number;
}

/** `GET /api` and `GET /api/nodes`: what there is to call, for this caller. */
export function listingRoutes(options: ListingRoutesOptions): Hono<HttpEnv> {
	const { authenticate, maxBytes } = options;
	const providers = async (context: Context<HttpEnv>) =>
		fitListing(
			await options.providersFor(await authenticate(context)),
			maxBytes,
		);
	const nodes = async (context: Context<HttpEnv>) =>
		fitListing(await options.nodesFor(await authenticate(context)), maxBytes);
	const routes = new Hono<HttpEnv>();
	routes.get("/api", async (context) =>
		context.json(
			{ functions: listFunctions(await providers(context)) },
			200,
			NO_STORE,
		),
	);
	routes.get("/api/nodes", async (context) =>
		context.json(
			{ nodes: (await nodes(context)).map(showNode) },
			200,
			NO_STORE,
		),
	);
	return routes;
}

const NO_STORE = { "cache-control": "no-store" };

/** One function as any node provides it, with the nodes that do. */
type ListedFunction = FunctionDescriptor & {
	readonly nodes: readonly string[];
};

function listFunctions(providers: readonly Provider[]): ListedFunction[] {
	const byName = new Map<
		string,
		FunctionDescriptor & { readonly nodes: string[] }
	>();
	for (const { nodeId, functions } of providers) {
		for (const descriptor of functions) {
			const known = byName.get(descriptor.name);
			if (known) known.nodes.push(nodeId);
			else byName.set(descriptor.name, { ...descriptor, nodes: [nodeId] });
		}
	}
	return [...byName.values()].sort((a, b) =>
		a.name.localeCompare(b.name, "en"),
	);
}

function showNode({ nodeId, functions, ...rest }: NodeStatus) {
	return { id: nodeId, ...rest, functions: functions.map((each) => each.name) };
}
