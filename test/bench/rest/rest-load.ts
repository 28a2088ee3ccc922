/** What to call, and how. */
export interface RestLoad {
	readonly port: number;
	readonly path: string;
	readonly headers: Readonly<Record<string, string>>;
	/** Calls in flight, one on each connection. */
	readonly connections: number;
	/** The load ends after so long, ms, … */
	readonly forMs?: number;
	/** … or after so many calls. */
	readonly calls?: number;
}

/** How it went. Every answer was the right one. */
export interface RestLoadResult {
	readonly perSecond: number;
	readonly calls: number;
	/** Time of the slowest call but one in a hundred, ms. */
	readonly p99Ms: number;
}
