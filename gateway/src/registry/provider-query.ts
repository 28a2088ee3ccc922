import type {
	FunctionDescriptor,
	Provider,
	RouteQuery,
} from "@easyremote/shared/protocol";
import { unmetNeed } from "@easyremote/shared/routing";
import type { Principal } from "../auth/principal.js";
import type { Standing } from "../trust/donor-record.js";
import { mayCall, maySee } from "./access.js";
import { describeNode } from "./describe-node.js";
import type { Inventory } from "./inventory.js";
import { asked, matching } from "./matching-nodes.js";
import type { NodeEntry } from "./node-entry.js";
import type { NodeStatus } from "./node-status.js";
import { providerSubset } from "./provider-subset.js";
import { refuseQuery } from "./refuse-query.js";
import type { ProviderAnswer } from "./registry.js";

/** Finds the nodes that `principal` may call for a query, or why there are none. Pure. */
export function answerQuery(
	inventory: Inventory,
	query: RouteQuery,
	principal: Principal,
): ProviderAnswer {
	const { published, nowMs } = inventory;
	// Who names no version gets the newest, whose name changes with every publication.
	const name =
		query.function &&
		(published.resolve(query.function)?.name ?? query.function);
	let lack: string | undefined;
	const found: { readonly node: NodeEntry; readonly provider: Provider }[] = [];
	for (const node of matching(inventory, query)) {
		if (!node.offered(nowMs)) continue;
		const standing = standingOf(node, principal, inventory);
		if (standing?.quarantined) continue;
		const callable = asked(node, name).filter((each) =>
			mayCall(principal, node.nodeId, each),
		);
		if (callable.length === 0) continue;
		const provider = {
			...node.provider(callable.map(withoutSchemas), nowMs),
			...shownDonor(node, standing),
		};
		const functions = provider.functions.filter(({ resources }) => {
			const unmet = unmetNeed(provider, resources);
			lack ??= unmet;
			return unmet === undefined;
		});
		if (functions.length > 0)
			found.push({ node, provider: { ...provider, functions } });
	}
	const providers = providerSubset(
		found.map(({ provider }) => provider),
		principal.id,
	);
	const shown = new Set(providers);
	const kept = found.filter(({ provider }) => shown.has(provider));
	const error =
		providers.length > 0
			? undefined
			: refuseQuery(inventory, query, principal, lack);
	return {
		providers,
		error,
		version: [
			error?.message,
			name,
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
	inventory: Inventory,
	principal: Principal,
): readonly Provider[] {
	const { nodes, nowMs } = inventory;
	const list: Provider[] = [];
	for (const node of nodes.values()) {
		if (!node.offered(nowMs)) continue;
		const functions = visibleFunctions(node, principal);
		if (functions.length === 0) continue;
		const standing = standingOf(node, principal, inventory);
		list.push({
			...node.listed(functions, nowMs),
			...shownDonor(node, standing),
		});
	}
	return list;
}

/**
 * The nodes that the principal may see, lost ones too, unless they had said that they would go: a closed tab is
 * nothing to worry about. Pure.
 *
 * @param epochMs what to add to the inventory's clock for wall time, ms
 */
export function statusOfVisible(
	inventory: Inventory,
	principal: Principal,
	epochMs: number,
): readonly NodeStatus[] {
	const { nodes, nowMs } = inventory;
	const admin = principal.grants.includes("admin");
	const list: NodeStatus[] = [];
	for (const node of nodes.values()) {
		if (!node.offered(nowMs) && !missed(node, nowMs)) continue;
		const functions = visibleFunctions(node, principal);
		if (functions.length === 0) continue;
		const standing = standingOf(node, principal, inventory);
		list.push({
			...describeNode(node, functions, { nowMs, epochMs, admin }),
			...shownDonor(node, standing),
		});
	}
	return list;
}

function standingOf(
	{ connection: { donor } }: NodeEntry,
	principal: Principal,
	{ trustOf }: Inventory,
): Standing | undefined {
	return donor && trustOf(principal.id, donor.id);
}

function shownDonor(
	{ connection: { donor } }: NodeEntry,
	standing: Standing | undefined,
): Pick<Provider, "donor"> {
	return donor && standing
		? { donor: { ...donor, validInRow: standing.validInRow } }
		: {};
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

/** Callers check nothing by them, and routes are sent often. */
function withoutSchemas({
	input: _input,
	output: _output,
	...rest
}: FunctionDescriptor): FunctionDescriptor {
	return rest;
}
