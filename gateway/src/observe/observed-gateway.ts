import type { GatewayLimits } from "../config/gateway-limits.js";
import type { JobFigures } from "../jobs/job-desk.js";
import type { NodeStatus } from "../registry/node-status.js";
import type { SocketStats } from "../socket/socket-door.js";
import type { CallLedger } from "./call-ledger.js";
import type { EventLoopLag } from "./event-loop.js";
import type { Traffic } from "./traffic.js";

/** HTTP as of now. */
export interface HttpFigures {
	/** Connections open, WebSockets not counted, and those ever cut for lack of room. */
	readonly connections: number;
	readonly connectionsRefused: number;
	/** REST calls under way, and ever begun. */
	readonly running: number;
	readonly calls: number;
	/** Bodies of the calls under way, bytes. */
	readonly bodyBytes: number;
}

/** A gateway as its report and its metrics see it: figures kept anyway, and read when somebody asks. */
export interface ObservedGateway {
	readonly ledger: CallLedger;
	readonly traffic: Traffic;
	readonly limits: GatewayLimits;
	/** Whether it takes new work. */
	readonly ready: () => boolean;
	readonly sockets: () => SocketStats;
	/** Relayed sessions that are open, and routes that clients are kept up to date about. */
	readonly sessions: () => number;
	readonly routes: () => number;
	readonly jobs: () => JobFigures;
	/** Versions of bundles that are published, and the bytes of their code. */
	readonly published: () => {
		readonly bundles: number;
		readonly bytes: number;
	};
	readonly http: () => HttpFigures;
	/** Every node there is, those lost lately included. */
	readonly nodes: () => Promise<readonly NodeStatus[]>;
	/** Answers kept in memory, and their bytes. */
	readonly keptAnswers: () => {
		readonly answers: number;
		readonly bytes: number;
	};
	/** How often each plugin has failed, by its name. */
	readonly pluginFailures: () => Readonly<Record<string, number>>;
	readonly lag: () => EventLoopLag;
	/** When it was made, ms since the epoch. */
	readonly since: number;
	/** Wall time, ms since the epoch. */
	readonly now: () => number;
}
