import type {
	FunctionDescriptor,
	Provider,
	RouteQuery,
} from "@easyremote/shared/protocol";
import { hasTags, unmetNeed } from "@easyremote/shared/routing";
import type { Principal } from "../auth/principal.js";
import { mayCall, maySee } from "./access.js";
import type { NodeEntry } from "./node-entry.js";
import { providerSubset } from "./provider-subset.js";
import type { ProviderAnswer } from "./registry.js";
import type { Standing } from "../trust/donor-record.js";
import { describeNode, type DescribeOptions } from "./describe-node.js";
import type { NodeStatus } from "./node-status.js";
import {
	notAllowed,
	notEquipped,
	notFound,
	notOnline,
} from "./route-refusal.js";

/** What a donor is to a principal. */
export type TrustOf = (principalId: string, donorId: string) => Standing;

/** Nobody has found anything. */
const UNKNOWN: Standing = { validInRow: 0, quarantined: false };

/** Finds the nodes that `principal` may call for a query, or why there are none. Pure. */
export function answerQuery(
	nodes: ReadonlyMap<string, NodeEntry>,
	query: RouteQuery,
	principal: Principal,
	nowMs: number,
	trustOf: TrustOf = () => UNKNOWN,
): ProviderAnswer {
	let lack: string | undefined;
	const found: { readonly node: NodeEntry; readonly provider: Provider }[] = [];
	for (const node of matching(nodes, query)) {
		if (!node.offered(nowMs)) continue;
		const { donor } = node.connection;
		const standing = donor && trustOf(principal.id, donor.id);
		if (standing?.quarantined) continue;
		const callable = asked(node, query).filter((each) =>
			mayCall(principal, node.nodeId, each),
		);
		if (callable.length === 0) continue;
		const provider = node.provider(callable.map(withoutSchemas), nowMs);
		const functions = provider.functions.filter(({ resources }) => {
			const unmet = unmetNeed(provider, resources);
			lack ??= unmet;
			return unmet === undefined;
		});
		if (functions.length > 0)
			found.push({
				node,
				provider: {
					...provider,
					functions,
					...(donor &&
						standing && {
							donor: { ...donor, validInRow: standing.validInRow },
						}),
				},
			});
	}
	const providers = providerSubset(
		found.map(({ provider }) => provider),
		principal.id,
	);
	const shown = new Set(providers);
	const kept = found.filter(({ provider }) => shown.has(provider));
	const error =
		providers.length > 0 ? undefined : refusal(nodes, query, principal, lack);
	return {
		providers,
		error,
		version: [
			error?.message,
			...kept.map(
				({ node, provider }) =>
					`${node.nodeId}:${node.revision}:${provider.state}`,
			),
		].join(),
		loadVersion: kept
			.map(
				({ node, provider: { donor } }) =>
					`${node.nodeId}:${node.loadRevision}:${donor?.validInRow ?? ""}`,
			)
			.join(),
	};
}

/** Every node with those of its functions that the principal may see, schemas included. Pure. */
export function listVisible(
	nodes: Iterable<NodeEntry>,
	principal: Principal,
	nowMs: number,
): readonly Provider[] {
	const list: Provider[] = [];
	for (const node of nodes) {
		if (!node.offered(nowMs)) continue;
		const functions = visibleFunctions(node, principal);
		if (functions.length > 0) list.push(node.listed(functions, nowMs));
	}
	return list;
}

/**
 * The nodes that the principal may see, lost ones too, unless they had said that they would go: a closed tab is
 * nothing to worry about. Pure.
 */
export function statusOfVisible(
	nodes: Iterable<NodeEntry>,
	principal: Principal,
	options: Omit<DescribeOptions, "admin">,
): readonly NodeStatus[] {
	const admin = principal.grants.includes("admin");
	const list: NodeStatus[] = [];
	for (const node of nodes) {
		if (!node.offered(options.nowMs) && !missed(node, options.nowMs)) continue;
		const functions = visibleFunctions(node, principal);
		if (functions.length > 0)
			list.push(describeNode(node, functions, { ...options, admin }));
	}
	return list;
}

function missed(node: NodeEntry, nowMs: number): boolean {
	const health = node.health(nowMs);
	return (
		health.state === "lost" &&
		health.why !== "left" &&
		node.connection.profile.kind === "compute"
	);
}

function visibleFunctions(
	node: NodeEntry,
	principal: Principal,
): readonly FunctionDescriptor[] {
	return [...node.functions.values()].filter((each) =>
		maySee(principal, node.nodeId, each),
	);
}

function refusal(
	nodes: ReadonlyMap<string, NodeEntry>,
	query: RouteQuery,
	principal: Principal,
	lack: string | undefined,
) {
	if (lack !== undefined) return notEquipped(query, lack);
	let seen = false;
	for (const node of matching(nodes, query))
		for (const each of asked(node, query)) {
			if (mayCall(principal, node.nodeId, each)) return notOnline(query);
			seen ||= maySee(principal, node.nodeId, each);
		}
	return seen
		? notAllowed(query, principal)
		: notFound(query, visibleNames(nodes.values(), query, principal));
}

function visibleNames(
	nodes: Iterable<NodeEntry>,
	query: RouteQuery,
	principal: Principal,
) {
	const visible = { functions: new Set<string>(), nodes: new Set<string>() };
	for (const node of nodes)
		for (const each of node.functions.values()) {
			if (!maySee(principal, node.nodeId, each)) continue;
			visible.nodes.add(node.nodeId);
			if (query.node === undefined || query.node === node.nodeId)
				visible.functions.add(each.name);
		}
	return visible;
}

function matching(
	nodes: ReadonlyMap<string, NodeEntry>,
	{ node, tags }: RouteQuery,
): readonly NodeEntry[] {
	if (node === undefined)
		return [...nodes.values()].filter((each) => hasTags(each, tags));
	const only = nodes.get(node);
	return only && hasTags(only, tags) ? [only] : [];
}

function asked(
	node: NodeEntry,
	query: RouteQuery,
): readonly FunctionDescriptor[] {
	if (query.function === undefined) return [...node.functions.values()];
	const only = node.functions.get(query.function);
	return only ? [only] : [];
}

/** Callers check nothing by them, and routes are sent often. */
function withoutSchemas({
	input: _input,
	output: _output,
	...rest
}: FunctionDescriptor): FunctionDescriptor {
	return rest;
}
