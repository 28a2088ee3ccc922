import { EasyRemoteError } from "../errors/easyremote-error.js";
import type { FunctionEntry } from "../functions/function-entry.js";
import type { FunctionDescriptor } from "../protocol/provider.js";
import { didYouMean } from "./did-you-mean.js";

/** What was added to a table, or taken out of it. */
export interface TableChange {
	readonly added: readonly FunctionEntry[];
	readonly removed: readonly string[];
}

/** The functions of a node, by name. */
export class FunctionTable {
	readonly #entries = new Map<string, FunctionEntry>();
	readonly #listeners = new Set<(change: TableChange) => void>();

	get size(): number {
		return this.#entries.size;
	}

	/** All names, in order of registration. */
	get names(): readonly string[] {
		return [...this.#entries.keys()];
	}

	/** The function of that name, if there is one. */
	find(name: string): FunctionEntry | undefined {
		return this.#entries.get(name);
	}

	/** The function of that name. Throws NOT_FOUND, with the name that was probably meant. */
	get(name: string): FunctionEntry {
		const entry = this.#entries.get(name);
		if (entry) return entry;
		throw this.missing(name);
	}

	/** NOT_FOUND for a name, with the one that was probably meant among those that are not hidden from who asks. */
	missing(
		name: string,
		isHidden: (descriptor: FunctionDescriptor) => boolean = () => false,
	): EasyRemoteError {
		const seen = [...this.#entries.values()]
			.filter(({ descriptor }) => !isHidden(descriptor))
			.map((each) => each.name);
		const near = didYouMean(name, seen);
		return new EasyRemoteError("NOT_FOUND", `no function "${name}" here`, {
			details: { function: name },
			...(near === undefined ? {} : { hint: `did you mean "${near}"?` }),
		});
	}

	/** Adds functions, all or none. Throws ALREADY_EXISTS for a name that is taken. */
	add(entries: readonly FunctionEntry[]): void {
		const fresh = new Set<string>();
		for (const { name } of entries) {
			if (this.#entries.has(name) || fresh.has(name)) throw taken(name);
			fresh.add(name);
		}
		if (fresh.size === 0) return;
		for (const entry of entries) this.#entries.set(entry.name, entry);
		this.#notify({ added: entries, removed: [] });
	}

	/** Puts functions in the place of those of the same name; others are left out. */
	replace(entries: readonly FunctionEntry[]): void {
		const known = entries.filter(({ name }) => this.#entries.has(name));
		if (known.length === 0) return;
		for (const entry of known) this.#entries.set(entry.name, entry);
		this.#notify({ added: known, removed: [] });
	}

	/**
	 * Adds functions and takes out those of the names in `former` that are not among them, at once: a name in both is never
	 * missing. Throws ALREADY_EXISTS for a name that is taken by others.
	 */
	exchange(former: readonly string[], entries: readonly FunctionEntry[]): void {
		const present = new Set(entries.map(({ name }) => name));
		for (const name of present)
			if (this.#entries.has(name) && !former.includes(name)) throw taken(name);
		const removed = former.filter(
			(name) => !present.has(name) && this.#entries.delete(name),
		);
		for (const entry of entries) this.#entries.set(entry.name, entry);
		this.#notify({ added: entries, removed });
	}

	/** Takes functions out; names that are not there are ignored. */
	remove(names: readonly string[]): void {
		const removed = names.filter((name) => this.#entries.delete(name));
		if (removed.length > 0) this.#notify({ added: [], removed });
	}

	/** What the node announces of its functions. */
	describe(): FunctionDescriptor[] {
		return [...this.#entries.values()].map(({ descriptor }) => descriptor);
	}

	/** Hears of every change, synchronously. The answer removes the listener. */
	listen(listener: (change: TableChange) => void): () => void {
		this.#listeners.add(listener);
		return () => {
			this.#listeners.delete(listener);
		};
	}

	#notify(change: TableChange): void {
		for (const listener of this.#listeners) listener(change);
	}
}

function taken(name: string): EasyRemoteError {
	return new EasyRemoteError(
		"ALREADY_EXISTS",
		`a function "${name}" is registered already`,
		{ hint: "give one of them another `name`" },
	);
}
