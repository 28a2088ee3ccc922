import type { Caller } from "@easyremote/shared/caller";
import { EasyRemoteError, toEasyRemoteError } from "@easyremote/shared/errors";
import type { Provider } from "@easyremote/shared/protocol";
import type { Clock } from "@easyremote/shared/time";
import { type Context, Hono } from "hono";
import type { Logger } from "pino";
import type { Registry } from "prom-client";
import type { Authenticate } from "../auth/authenticate.js";
import type { Principal } from "../auth/principal.js";
import type { BundleCatalogue } from "../bundles/bundle-catalogue.js";
import { visibleBundles } from "../bundles/visible-bundles.js";
import type { GatewayLimits } from "../config/gateway-limits.js";
import type { JobSettings } from "../config/job-options.js";
import type { JobDesk } from "../jobs/job-desk.js";
import type { ByteBudget } from "../limits/byte-budget.js";
import type { CallRates } from "../limits/call-quota.js";
import type { DocumentCache } from "../openapi/document-cache.js";
import type { NodeStatus } from "../registry/node-status.js";
import type { TrustedProxies } from "../auth/trusted-proxies.js";
import { readBearer } from "./bearer.js";
import { bundleCodeRoutes } from "./bundle-code-routes.js";
import { bundleRoutes } from "./bundle-routes.js";
import { callRoutes } from "./call-routes.js";
import { cors } from "./cors.js";
import { docsRoutes } from "./docs-routes.js";
import { type DonorRoutesOptions, donorRoutes } from "./donor-routes.js";
import { donateRoutes } from "./donate-routes.js";
import { healthRoutes } from "./health-routes.js";
import type { HttpEnv } from "./http-env.js";
import { jobRoutes } from "./job-routes.js";
import { listingRoutes } from "./listing-routes.js";
import { metricsRoutes } from "./metrics-routes.js";
import { guardMethods } from "./method-guard.js";
import type { OriginPolicy } from "./origin-policy.js";
import { pageRoutes } from "./page-routes.js";
import { problemResponse } from "./problem.js";
import { reportRoutes } from "./report-routes.js";
import { requestAuthContext } from "./request-context.js";
import type { RunningCalls } from "./running-calls.js";

export interface AppOptions {
	readonly authenticate: Authenticate;
	readonly policy: OriginPolicy;
	readonly proxies: TrustedProxies;
	readonly callerFor: (principal: Principal) => Caller;
	readonly providersFor: (principal: Principal) => Promise<readonly Provider[]>;
	/** The same nodes and those lost lately, with all that is known of their state. */
	readonly nodesFor: (principal: Principal) => Promise<readonly NodeStatus[]>;
	readonly report: () => Promise<Readonly<Record<string, unknown>>>;
	/** What donors have given. */
	readonly donors: Pick<DonorRoutesOptions, "credits" | "creditOf">;
	/** What `/metrics` shows; absent, it is not there. */
	readonly metrics?: Registry | undefined;
	/** Hears of every request that is answered with an error before it became a call. */
	readonly refused: (error: EasyRemoteError) => void;
	/** Whether new work is taken. */
	readonly ready: () => boolean;
	readonly running: RunningCalls;
	readonly limits: GatewayLimits;
	readonly rates: CallRates;
	readonly bodies: ByteBudget;
	readonly jobs: JobDesk;
	readonly jobSettings: JobSettings;
	readonly bundles: BundleCatalogue;
	/** Takes a donor off, by the id of its connection. */
	readonly donorLeaves: (connectionId: string) => void;
	readonly webUi: boolean;
	/** Whose pages may use this gateway besides its own. */
	readonly origins: readonly string[];
	/** Whose pages may ask their visitors to donate. */
	readonly embedOrigins: readonly string[];
	/** What `/openapi.json` and `/docs` show; absent, they are not there. */
	readonly documents?: DocumentCache | undefined;
	readonly clock: Clock;
	readonly log: Logger;
}

/** The gateway's HTTP side, one group of routes a file. */
export function createApp(options: AppOptions): Hono<HttpEnv> {
	const authenticate = async (context: Context<HttpEnv>) =>
		options.authenticate(
			readBearer(context.req.header("authorization")),
			requestAuthContext(context, options.proxies),
		);
	const app = new Hono<HttpEnv>();
	app.use("/api/*", cors(options.policy, options.proxies));
	app.use("/openapi.json", cors(options.policy, options.proxies));
	app.route("/", healthRoutes(options.ready));
	app.route("/", reportRoutes({ authenticate, report: options.report }));
	if (options.metrics)
		app.route("/", metricsRoutes({ authenticate, registry: options.metrics }));
	app.route(
		"/",
		listingRoutes({
			authenticate,
			providersFor: options.providersFor,
			publishedFor: (principal) => visibleBundles(options.bundles, principal),
			nodesFor: options.nodesFor,
			maxBytes: options.limits.maxListingBytes,
		}),
	);
	app.route("/", donorRoutes({ ...options.donors, authenticate }));
	app.route("/", jobRoutes({ ...options, authenticate }));
	app.route(
		"/",
		bundleRoutes({
			...options,
			authenticate,
			maxListingBytes: options.limits.maxListingBytes,
		}),
	);
	app.route("/", callRoutes({ ...options, authenticate }));
	app.route("/", bundleCodeRoutes(options.bundles));
	app.route(
		"/",
		donateRoutes({ leave: options.donorLeaves, bodies: options.bodies }),
	);
	app.route("/", pageRoutes(options));
	const { documents } = options;
	if (documents) app.route("/", docsRoutes({ authenticate, documents }));
	guardMethods(app);
	app.notFound((context) =>
		problemResponse(
			new EasyRemoteError(
				"NOT_FOUND",
				`nothing is served at ${context.req.path.slice(0, 200)}`,
				{
					hint: "Functions are called by POST /api/{node.function}; GET /api lists them.",
				},
			),
		),
	);
	app.onError((error, context) => {
		if (!(error instanceof EasyRemoteError))
			options.log.error({ err: error }, "an HTTP request failed unexpectedly");
		const known = toEasyRemoteError(error);
		options.refused(known);
		// Without its path and what was wrong: people put their keys into addresses.
		options.log.info(
			{
				method: context.req.method,
				address: requestAuthContext(context, options.proxies).address,
				code: known.code,
			},
			"request refused",
		);
		return problemResponse(error);
	});
	return app;
}
