import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** An empty folder for one test. */
export interface TempFolder {
	readonly path: string;
	/** Removes it with everything in it. */
	close(): Promise<void>;
}

/** Makes a folder that no other test has. */
export async function tempFolder(): Promise<TempFolder> {
	const path = await mkdtemp(join(tmpdir(), "easyremote-test-"));
	return { path, close: () => rm(path, { recursive: true, force: true }) };
}
