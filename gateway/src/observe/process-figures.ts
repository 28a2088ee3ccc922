/** What this process uses, as operating system and engine count it. Bytes and seconds. */
export interface ProcessFigures {
	/** Memory that it holds in RAM. */
	readonly residentBytes: number;
	/** JavaScript heap in use, and reserved for it. */
	readonly heapUsedBytes: number;
	readonly heapTotalBytes: number;
	/** Memory of buffers, outside that heap. */
	readonly bufferBytes: number;
	/** CPU time used since it was started. */
	readonly cpuSeconds: number;
	/** When it was started, seconds since the epoch. */
	readonly startedAtSeconds: number;
}

/** The figures as of now; `nowMs` is wall time. */
export function processFigures(nowMs: number): ProcessFigures {
	const { rss, heapUsed, heapTotal, arrayBuffers } = process.memoryUsage();
	const { user, system } = process.cpuUsage();
	return {
		residentBytes: rss,
		heapUsedBytes: heapUsed,
		heapTotalBytes: heapTotal,
		bufferBytes: arrayBuffers,
		cpuSeconds: (user + system) / 1e6,
		startedAtSeconds: nowMs / 1_000 - process.uptime(),
	};
}
