import { readFile, realpath, stat } from "node:fs/promises";
import { extname, join, sep } from "node:path";
import { etagOf } from "./etag.js";

/** One file, ready to be served. */
export interface BuiltFile {
	readonly bytes: Uint8Array<ArrayBuffer>;
	readonly type: string;
	/** Strong validator: hash of the bytes, quoted as HTTP wants it. */
	readonly etag: string;
	/** The name contains a hash of the content, so it never changes. */
	readonly immutable: boolean;
}

const TYPES: Readonly<Record<string, string>> = {
	".html": "text/html; charset=utf-8",
	".js": "text/javascript; charset=utf-8",
	".css": "text/css; charset=utf-8",
	".json": "application/json",
	".map": "application/json",
	".svg": "image/svg+xml",
	".png": "image/png",
	".jpg": "image/jpeg",
	".webp": "image/webp",
	".ico": "image/x-icon",
	".woff2": "font/woff2",
	".wasm": "application/wasm",
	".txt": "text/plain; charset=utf-8",
};

/** As Vite names what it builds: in `assets`, a dash and eight characters of hash before the extension. */
const HASHED_NAME = /(^|\/)assets\/.*-[A-Za-z0-9_-]{8}\.[a-z0-9]+$/;

/** Parts of a path that may be served: no dot files, nothing that climbs. */
const PATH_PART = /^[A-Za-z0-9_][A-Za-z0-9_.-]*$/;

interface Cached {
	readonly modified: number;
	readonly size: number;
	readonly file: BuiltFile;
}

/** The files of one folder, read when first asked for and again when they have changed. */
export class BuiltFiles {
	readonly #folder: string;
	readonly #cache = new Map<string, Cached>();

	constructor(folder: string) {
		this.#folder = folder;
	}

	/** The file at a path relative to the folder; undefined if there is none, or it is not to be served. */
	async find(path: string): Promise<BuiltFile | undefined> {
		const type = TYPES[extname(path)];
		if (
			type === undefined ||
			!path.split("/").every((part) => PATH_PART.test(part))
		)
			return undefined;
		const full = join(this.#folder, path);
		try {
			const { mtimeMs, size } = await stat(full);
			const cached = this.#cache.get(path);
			if (cached && cached.modified === mtimeMs && cached.size === size)
				return cached.file;
			// A link that leads out of the folder is not one of its files.
			if (
				!(await realpath(full)).startsWith((await realpath(this.#folder)) + sep)
			)
				return undefined;
			const bytes = new Uint8Array(await readFile(full));
			const etag = etagOf(bytes);
			const file = { bytes, type, etag, immutable: HASHED_NAME.test(path) };
			this.#cache.set(path, { modified: mtimeMs, size: bytes.length, file });
			return file;
		} catch (error) {
			if (isMissing(error)) return undefined;
			throw error;
		}
	}
}

function isMissing(error: unknown): boolean {
	return (
		error instanceof Error &&
		"code" in error &&
		(error.code === "ENOENT" ||
			error.code === "ENOTDIR" ||
			error.code === "EISDIR")
	);
}
