import { randomUUID } from "node:crypto";
import { EasyRemoteError } from "@easyremote/shared/errors";
import pino from "pino";
import { systemClock } from "@easyremote/shared/time";
import { DEVELOPER } from "../../auth/principal.js";
import { BundleCatalogue } from "../../bundles/bundle-catalogue.js";
import { DEFAULT_LIMITS } from "../../config/gateway-limits.js";
import { DEFAULT_JOBS } from "../../config/job-options.js";
import { JobDesk } from "../../jobs/job-desk.js";
import { ByteBudget } from "../../limits/byte-budget.js";
import { CallRates } from "../../limits/call-quota.js";
import { createMemoryStore } from "../../store/memory-store.js";
import { TrustedProxies } from "../../auth/trusted-proxies.js";
import { type AppOptions, createApp } from "../app.js";
import { createOriginPolicy } from "../origin-policy.js";
import { RunningCalls } from "../running-calls.js";
import {
	type Scripted,
	scriptedCaller,
	scriptedProvider,
} from "./scripted-node.js";

/** The credential that the scripted app takes. */
export const GOOD_KEY = "good";

/** The HTTP side before a scripted node. Without a credential everybody is a developer; any but `GOOD_KEY` is refused. */
export function scriptedApp(
	functions: Readonly<Record<string, Scripted>> = {},
	options: Partial<AppOptions> = {},
) {
	const limits = {
		...DEFAULT_LIMITS,
		maxBodyBytes: 1_048_576,
		...options.limits,
	};
	const node = scriptedCaller(functions);
	const running = new RunningCalls(limits.maxRunningCalls);
	const providersFor =
		options.providersFor ??
		(() => Promise.resolve([scriptedProvider(Object.keys(functions))]));
	const jobs = new JobDesk({
		store: createMemoryStore().jobs,
		callerFor: () => node.caller,
		providersFor: node.providersFor,
		stillValid: () => true,
		settings: DEFAULT_JOBS,
		limits,
		clock: systemClock,
		log: pino({ level: "silent" }),
		newId: randomUUID,
	});
	const bundles = new BundleCatalogue({
		store: createMemoryStore().bundles,
		limits,
		clock: systemClock,
		log: pino({ level: "silent" }),
	});
	const app = createApp({
		authenticate: (credential) =>
			credential === undefined || credential === GOOD_KEY
				? Promise.resolve(DEVELOPER)
				: Promise.reject(
						new EasyRemoteError(
							"UNAUTHENTICATED",
							"the credential is not valid",
						),
					),
		policy: createOriginPolicy(["https://app.example.com"], () => true),
		proxies: new TrustedProxies([]),
		callerFor: () => node.caller,
		providersFor,
		nodesFor: async (principal) =>
			(await providersFor(principal)).map((each) => ({
				...each,
				since: new Date(0).toISOString(),
			})),
		report: () => Promise.resolve({ uptimeMs: 1 }),
		refused: () => undefined,
		donors: { credits: () => [], creditOf: () => undefined },
		ready: () => true,
		running,
		limits,
		rates: new CallRates(limits, systemClock),
		bodies: new ByteBudget(limits.maxBodyBytesInAll),
		jobs,
		jobSettings: DEFAULT_JOBS,
		bundles,
		donorLeaves: () => undefined,
		webUi: true,
		origins: ["https://app.example.com"],
		embedOrigins: [],
		clock: systemClock,
		log: pino({ level: "silent" }),
		...options,
	});
	return { app, running, jobs, close: () => node.close() };
}
