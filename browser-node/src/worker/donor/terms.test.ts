import type {
	AnnouncedNeeds,
	FunctionDescriptor,
} from "@easyremote/shared/protocol";
import { expect, it } from "vitest";
import { refusalOf } from "./terms.js";

const able = { webgpu: false, simd: true, memoryBytes: 1e9, cores: 2 };

function needing(resources: AnnouncedNeeds | undefined): FunctionDescriptor {
	return {
		...{ name: "f", public: false, authRequired: true, idempotent: true },
		stream: false,
		resources,
	};
}

it.each<[AnnouncedNeeds | undefined, string | undefined]>([
	[undefined, undefined],
	[{ simd: true, memoryBytes: 1e9, cpu: 2, webgpu: false }, undefined],
	[{ webgpu: true }, "f needs the GPU, which is not lent"],
	[{ memoryBytes: 2e9 }, "f needs 2000 MB of memory"],
	[{ cpu: 3 }, "f needs 3 cores"],
	[{ gpu: true }, "f needs a GPU beyond WebGPU"],
	[{ engine: "chromium" }, undefined],
	[{ engine: "chromium-156" }, undefined],
	[{ engine: "chromium-15" }, "f needs the engine chromium-15"],
	[{ engine: "firefox" }, "f needs the engine firefox"],
])("of %j says %s", (resources, why) => {
	expect(
		refusalOf(
			{ functions: [needing(undefined), needing(resources)] },
			able,
			"chromium-156-x86_64",
		),
	).toBe(why);
});
