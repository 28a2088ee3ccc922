import { mem } from "systeminformation";

/** Memory of the machine, or of the container this process is confined to, bytes. */
export interface MemoryReading {
	readonly total: number;
	/** What programs can still get, caches that would be given up included. */
	readonly available: number;
}

/**
 * Reads how much memory there is and how much can still be had. `os.freemem` would not do: on macOS it leaves out
 * what the system only keeps as a cache.
 */
export async function readMemory(): Promise<MemoryReading> {
	const machine = await mem();
	const confined = process.constrainedMemory();
	if (confined > 0 && confined < machine.total) {
		return { total: confined, available: process.availableMemory() };
	}
	return { total: machine.total, available: machine.available };
}
