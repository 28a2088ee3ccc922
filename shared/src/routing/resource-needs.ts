import type {
	AnnouncedNeeds,
	Capabilities,
} from "../protocol/node-resources.js";
import type { Provider } from "../protocol/provider.js";
import { isOfEngine } from "./engine-need.js";

/** What a provider says that it has. */
export type Equipment = Pick<
	Provider,
	| "cpuCount"
	| "memoryBytes"
	| "memoryUsage"
	| "gpus"
	| "gpuUsage"
	| "gpuFreeBytes"
	| "capabilities"
	| "engine"
>;

/**
 * What a node lacks to run one more call of a function, in a few words for humans; undefined if nothing. What a node
 * does not report (a tab says nothing of its memory) is taken to be there: its owner chose to offer the function.
 *
 * @param unseen calls of the function under way there that the report does not show yet: each takes its part
 */
export function unmetNeed(
	has: Equipment,
	needs: AnnouncedNeeds | undefined,
	unseen = 0,
): string | undefined {
	if (!needs) return undefined;
	if (has.capabilities) {
		const missing = unlentNeed(has.capabilities, needs);
		if (missing !== undefined) return missing;
		if (needs.engine !== undefined && !isOfEngine(has.engine, needs.engine))
			return `the engine ${needs.engine}`;
	}
	const { gpu, memoryBytes, cpu } = needs;
	const calls = unseen + 1;
	// Cores are shared by whatever runs, so they only have to exist; how busy they are is for strategies to weigh.
	if (cpu !== undefined && (has.cpuCount ?? cpu) < cpu)
		return `${cpu} CPU cores`;
	if (memoryBytes !== undefined && freeMemory(has) < memoryBytes * calls)
		return `${amount(memoryBytes)} of free memory`;
	if (gpu === undefined || gpu === false || has.gpus === undefined)
		return undefined;
	if (has.gpus === 0) return "a GPU";
	if (gpu === true) return undefined;
	return (has.gpuFreeBytes ?? Number.POSITIVE_INFINITY) <
		gpu.memoryBytes * calls
		? `a GPU with ${amount(gpu.memoryBytes)} of free memory`
		: undefined;
}

/** The same for what a donor's browser can do, and its owner lends: so much for each call. */
function unlentNeed(
	lent: Capabilities,
	{ webgpu, simd, memoryBytes = 0, cpu = 0 }: AnnouncedNeeds,
): string | undefined {
	if (webgpu === true && !lent.webgpu) return "WebGPU";
	if (simd === true && !lent.simd) return "WebAssembly SIMD";
	if (memoryBytes > lent.memoryBytes)
		return `${amount(memoryBytes)} of memory to lend`;
	return cpu > lent.cores ? `${cpu} CPU cores to lend` : undefined;
}

/** What the one function needs that a provider is offered for; undefined where it is offered for several. */
export function needsOf({
	functions: [first, ...others],
}: Pick<Provider, "functions">): AnnouncedNeeds | undefined {
	return others.length === 0 ? first?.resources : undefined;
}

/** Whether a function wants a GPU at all. */
export function wantsGpu(needs: AnnouncedNeeds | undefined): boolean {
	return needs?.gpu !== undefined && needs.gpu !== false;
}

function freeMemory({ memoryBytes, memoryUsage }: Equipment): number {
	return memoryBytes === undefined || memoryUsage === undefined
		? Number.POSITIVE_INFINITY
		: memoryBytes * (1 - memoryUsage);
}

function amount(bytes: number): string {
	return bytes >= 1e9
		? `${Math.round(bytes / 1e8) / 10} GB`
		: `${Math.round(bytes / 1e5) / 10} MB`;
}
