import { defaultClientConditions, defaultServerConditions } from "vite";
import { defineConfig } from "vitest/config";

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

// The times below are for what never comes: nothing fails that is only slow.
export default defineConfig({
	test: {
		retry: 0,
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
