import type { FunctionDescriptor, Provider } from "@easyremote/shared/protocol";
import { bundleFunctionName } from "@easyremote/shared/security";
import { type Context, Hono } from "hono";
import type { Principal } from "../auth/principal.js";
import type { VisibleBundle } from "../bundles/visible-bundles.js";
import { fitListing } from "../limits/fit-listing.js";
import type { NodeStatus } from "../registry/node-status.js";
import type { HttpEnv } from "./http-env.js";

export interface ListingRoutesOptions {
	readonly authenticate: (context: Context<HttpEnv>) => Promise<Principal>;
	/** The nodes that a principal may see, each with those of its functions that it may use. */
	readonly providersFor: (principal: Principal) => Promise<readonly Provider[]>;
	/** What is published that a principal may call, whether or not somebody donates. */
	readonly publishedFor: (principal: Principal) => readonly VisibleBundle[];
	/** The same nodes, with all that is known of their state. */
	readonly nodesFor: (principal: Principal) => Promise<readonly NodeStatus[]>;
	/** Most that a listing says, bytes. */
	readonly maxBytes: number;
}

/** `GET /api` and `GET /api/nodes`: what there is to call, for this caller. */
export function listingRoutes(options: ListingRoutesOptions): Hono<HttpEnv> {
	const { authenticate, maxBytes } = options;
	const functions = async (context: Context<HttpEnv>) => {
		const principal = await authenticate(context);
		const all = [
			...(await options.providersFor(principal)),
			...options.publishedFor(principal),
		];
		return listFunctions(fitListing(all, maxBytes));
	};
	const nodes = async (context: Context<HttpEnv>) =>
		fitListing(await options.nodesFor(await authenticate(context)), maxBytes);
	const routes = new Hono<HttpEnv>();
	routes.get("/api", async (context) =>
		context.json({ functions: await functions(context) }, 200, NO_STORE),
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
type ListedFunction = FunctionDescriptor & { readonly nodes: string[] };

function listFunctions(
	offers: readonly (Provider | VisibleBundle)[],
): readonly ListedFunction[] {
	const byName = new Map<string, ListedFunction>();
	for (const offer of offers)
		if ("nodeId" in offer) addProvider(byName, offer);
		else addBundle(byName, offer);
	return [...byName.values()].sort((a, b) =>
		a.name.localeCompare(b.name, "en"),
	);
}

function addProvider(
	byName: Map<string, ListedFunction>,
	{ nodeId, functions }: Provider,
): void {
	for (const descriptor of functions) {
		const known = byName.get(descriptor.name);
		if (known) known.nodes.push(nodeId);
		else byName.set(descriptor.name, { ...descriptor, nodes: [nodeId] });
	}
}

/** Shown as it is called without naming a version, with the nodes that offer it in full. Comes after those nodes. */
function addBundle(
	byName: Map<string, ListedFunction>,
	{ name: bundle, version, functions }: VisibleBundle,
): void {
	for (const each of functions) {
		const full = bundleFunctionName(bundle, version, each.name);
		const name = bundleFunctionName(bundle, undefined, each.name);
		const nodes = byName.get(full)?.nodes ?? [];
		byName.delete(full);
		byName.set(name, { ...each, name, version, nodes });
	}
}

function showNode({ nodeId, functions, ...rest }: NodeStatus) {
	return { id: nodeId, ...rest, functions: functions.map((each) => each.name) };
}
