import { defaultClientConditions, defaultServerConditions } from "vite";
import { defineConfig } from "vitest/config";
import { BaseSequencer, type TestSpecification } from "vitest/node";

/** Resolves workspace packages to their sources, so that tests need no build. */
const source = "@easyremote/source";
/** A bundlers' condition that Node does not know: what stands behind it may not run there (@opentelemetry/api does not). */
const asNode = (conditions: readonly string[]) =>
	conditions.filter((each) => each !== "module");
const resolution = {
	resolve: { conditions: [source, ...asNode(defaultClientConditions)] },
	ssr: {
		resolve: { conditions: [source, ...asNode(defaultServerConditions)] },
	},
};

/** The files that take minutes, longest first. */
const LONGEST = [
	"e2e/long-streams",
	"e2e/paths",
	"nat/nat",
	"e2e/gateway-cost",
	"e2e/embed",
	"chaos/volume-page",
	"e2e/examples",
	"e2e/donate",
	"chaos/kill",
	"e2e/no-ice",
].map((name) => `/test/${name}.test.ts`);

/** Begins with what takes longest, so that no worker is left alone with it at the end. */
class LongestFirst extends BaseSequencer {
	override async sort(
		files: TestSpecification[],
	): Promise<TestSpecification[]> {
		const sorted = await super.sort(files);
		return sorted.toSorted((a, b) => group(a) - group(b) || rank(a) - rank(b));
	}
}

function group({ project }: TestSpecification): number {
	return project.config.sequence.groupOrder;
}

function rank({ moduleId }: TestSpecification): number {
	const place = LONGEST.findIndex((path) => moduleId.endsWith(path));
	return place < 0 ? LONGEST.length : place;
}

// The times below are for what never comes: nothing fails that is only slow.
export default defineConfig({
	test: {
		retry: 0,
		sequence: { sequencer: LongestFirst },
		projects: [
			{
				...resolution,
				test: {
					name: "unit",
					include: ["*/src/**/*.test.ts", "test/support/**/*.test.ts"],
					// WebRTC in Node crashes in worker threads.
					pool: "forks",
					testTimeout: 20_000,
					expect: { poll: { timeout: 15_000 } },
				},
			},
			{
				...resolution,
				test: {
					name: "e2e",
					include: ["test/**/*.test.ts"],
					exclude: ["**/node_modules/**", "test/support/**"],
					pool: "forks",
					maxWorkers: 2,
					sequence: { groupOrder: 1 },
					testTimeout: 180_000,
					hookTimeout: 180_000,
					expect: { poll: { timeout: 30_000 } },
				},
			},
		],
	},
});
