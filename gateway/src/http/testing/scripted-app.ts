import { EasyRemoteError } from "@easyremote/shared/errors";
import pino from "pino";
import { DEVELOPER } from "../../auth/principal.js";
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
	const node = scriptedCaller(functions);
	const running = new RunningCalls();
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
		callerFor: () => node.caller,
		providersFor: () =>
			Promise.resolve([scriptedProvider(Object.keys(functions))]),
		report: () => ({ uptimeMs: 1 }),
		ready: () => true,
		running,
		maxBodyBytes: 1_048_576,
		callTimeoutMs: 60_000,
		webUi: true,
		log: pino({ level: "silent" }),
		...options,
	});
	return { app, running, close: () => node.close() };
}
