import type { Capabilities } from "@easyremote/shared/protocol";

/** `() => v128.any_true(i8x16.splat(0))`-like: a module that only an engine with vector instructions takes. */
const SIMD_MODULE = new Uint8Array([
	0, 97, 115, 109, 1, 0, 0, 0, 1, 5, 1, 96, 0, 1, 123, 3, 2, 1, 0, 10, 10, 1, 8,
	0, 65, 0, 253, 15, 253, 98, 11,
]);

/** The part of WebGPU that is asked here; absent where the browser has none. */
interface GpuNavigator {
	readonly gpu?: { requestAdapter(): Promise<object | null> } | undefined;
}

/** What this browser can do, within what its owner lends. */
export async function findCapabilities(lent: {
	readonly webgpu: boolean;
	readonly memoryBytes: number;
	readonly cores: number;
}): Promise<Capabilities> {
	return {
		webgpu: lent.webgpu && (await hasGpu()),
		simd: WebAssembly.validate(SIMD_MODULE),
		memoryBytes: lent.memoryBytes,
		cores: lent.cores,
	};
}

async function hasGpu(): Promise<boolean> {
	try {
		const { gpu } = navigator as GpuNavigator;
		return Boolean(await gpu?.requestAdapter());
	} catch {
		return false;
	}
}
