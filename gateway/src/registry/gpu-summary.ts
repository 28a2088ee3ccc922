import type { NodeResources, Provider } from "@easyremote/shared/protocol";

/** GPUs as routes tell of them: how many, how full together, and how much is free on the emptiest. */
export function gpuSummary(
	gpus: NodeResources["gpus"],
): Pick<Provider, "gpus" | "gpuUsage" | "gpuFreeBytes"> {
	if (gpus.length === 0) return { gpus: 0 };
	const total = sum(gpus.map(({ memoryBytes }) => memoryBytes));
	const used = sum(
		gpus.map(({ memoryBytes, memoryUsage }) => memoryBytes * memoryUsage),
	);
	return {
		gpus: gpus.length,
		gpuUsage: total > 0 ? used / total : 0,
		gpuFreeBytes: Math.max(
			...gpus.map(({ memoryBytes, memoryUsage }) =>
				Math.round(memoryBytes * (1 - memoryUsage)),
			),
		),
	};
}

function sum(values: readonly number[]): number {
	return values.reduce((total, value) => total + value, 0);
}
