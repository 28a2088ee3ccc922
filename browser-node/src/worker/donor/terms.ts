import type { BundleOffer, Capabilities } from "@easyremote/shared/protocol";
import { isOfEngine } from "@easyremote/shared/routing";

/** Why a donor does not take a bundle, in a few words for its owner; undefined if it does. Pure. */
export function refusalOf(
	{ functions }: Pick<BundleOffer, "functions">,
	able: Capabilities,
	engine: string,
): string | undefined {
	for (const { name, resources } of functions) {
		if (!resources) continue;
		const { webgpu, simd, memoryBytes, gpu, cpu, engine: wanted } = resources;
		const lack =
			(webgpu === true && !able.webgpu && "the GPU, which is not lent") ||
			(simd === true && !able.simd && "vector instructions") ||
			(gpu !== undefined && gpu !== false && "a GPU beyond WebGPU") ||
			((memoryBytes ?? 0) > able.memoryBytes &&
				`${Math.ceil((memoryBytes ?? 0) / 1e6)} MB of memory`) ||
			((cpu ?? 0) > able.cores && `${cpu} cores`) ||
			(wanted !== undefined &&
				!isOfEngine(engine, wanted) &&
				`the engine ${wanted}`);
		if (lack) return `${name} needs ${lack}`;
	}
	return undefined;
}
