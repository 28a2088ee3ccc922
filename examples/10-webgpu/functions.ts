import { define } from "@easyremote/shared";

/** Rows of one matrix, and the whole of the other; both row by row, `size` numbers each. */
export interface Rows {
	readonly a: Float32Array<ArrayBuffer>;
	readonly b: Float32Array<ArrayBuffer>;
	readonly size: number;
}

const SHADER = `
@group(0) @binding(0) var<storage, read> a: array<f32>;
@group(0) @binding(1) var<storage, read> b: array<f32>;
@group(0) @binding(2) var<storage, read_write> product: array<f32>;
@group(0) @binding(3) var<uniform> size: u32;

@compute @workgroup_size(8, 8)
fn main(@builtin(global_invocation_id) at: vec3u) {
	let rows = arrayLength(&a) / size;
	if (at.x >= size || at.y >= rows) { return; }
	var sum = 0.0;
	for (var k = 0u; k < size; k++) { sum += a[at.y * size + k] * b[k * size + at.x]; }
	product[at.y * size + at.x] = sum;
}`;

/** As WebGPU numbers them: TypeScript's declarations of browsers leave these names out. */
const USAGE = {
	MAP_READ: 0x01,
	COPY_SRC: 0x04,
	COPY_DST: 0x08,
	UNIFORM: 0x40,
	STORAGE: 0x80,
} as const;
const READ = 0x01;

/** One for all calls in a Worker: getting it takes longer than a product does. */
let device: Promise<GPUDevice> | undefined;

/** Rows of a product of matrices, on the GPU. GPUs round differently, which is what `tolerance` is for. */
export const multiply = define(
	{
		description: "Rows of a matrix product, on the GPU",
		deterministic: "tolerance",
		tolerance: 1e-4,
		resources: { webgpu: true },
	},
	async (_call, { a, b, size }: Rows) => {
		device ??= open();
		const gpu = await device;
		const buffers = [
			upload(gpu, a, USAGE.STORAGE),
			upload(gpu, b, USAGE.STORAGE),
			gpu.createBuffer({
				size: a.byteLength,
				usage: USAGE.STORAGE | USAGE.COPY_SRC,
			}),
			upload(gpu, Uint32Array.of(size), USAGE.UNIFORM),
		] as const;
		const result = gpu.createBuffer({
			size: a.byteLength,
			usage: USAGE.COPY_DST | USAGE.MAP_READ,
		});
		const pipeline = await gpu.createComputePipelineAsync({
			layout: "auto",
			compute: { module: gpu.createShaderModule({ code: SHADER }) },
		});
		const commands = gpu.createCommandEncoder();
		const pass = commands.beginComputePass();
		pass.setPipeline(pipeline);
		pass.setBindGroup(
			0,
			gpu.createBindGroup({
				layout: pipeline.getBindGroupLayout(0),
				entries: buffers.map((buffer, binding) => ({
					binding,
					resource: { buffer },
				})),
			}),
		);
		pass.dispatchWorkgroups(
			Math.ceil(size / 8),
			Math.ceil(a.length / size / 8),
		);
		pass.end();
		commands.copyBufferToBuffer(buffers[2], 0, result, 0, a.byteLength);
		gpu.queue.submit([commands.finish()]);
		await result.mapAsync(READ);
		const product = new Float32Array(result.getMappedRange().slice(0));
		for (const buffer of [...buffers, result]) buffer.destroy();
		return product;
	},
);

async function open(): Promise<GPUDevice> {
	const adapter = await navigator.gpu.requestAdapter();
	if (!adapter) throw new Error("this browser has no GPU to give");
	return adapter.requestDevice();
}

function upload(
	gpu: GPUDevice,
	data: Float32Array<ArrayBuffer> | Uint32Array<ArrayBuffer>,
	usage: number,
): GPUBuffer {
	const buffer = gpu.createBuffer({
		size: data.byteLength,
		usage: usage | USAGE.COPY_DST,
	});
	gpu.queue.writeBuffer(buffer, 0, data);
	return buffer;
}
