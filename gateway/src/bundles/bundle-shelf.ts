import type { FunctionDescriptor } from "@easyremote/shared/protocol";
import { bundleFunctionName, parseRef } from "@easyremote/shared/security";
import type { PublishedBundle } from "./published-bundle.js";

/** The published versions of every bundle, found by name. */
export class BundleShelf {
	/** By the bundle's name, oldest version first. */
	readonly #bundles = new Map<string, readonly PublishedBundle[]>();

	/** All there are. */
	*[Symbol.iterator](): Iterator<PublishedBundle> {
		for (const versions of this.#bundles.values()) yield* versions;
	}

	add(bundle: PublishedBundle): void {
		const { name } = bundle.manifest;
		this.#bundles.set(name, [...this.versions(name), bundle]);
	}

	/** Removes a version, or all of them. Answers those that were there. */
	remove(
		name: string,
		version: string | undefined,
	): readonly PublishedBundle[] {
		const versions = this.versions(name);
		const gone = versions.filter(
			({ manifest }) => version === undefined || manifest.version === version,
		);
		const left = versions.filter((each) => !gone.includes(each));
		if (left.length > 0) this.#bundles.set(name, left);
		else this.#bundles.delete(name);
		return gone;
	}

	/** The versions of a bundle, oldest first. */
	versions(name: string): readonly PublishedBundle[] {
		return this.#bundles.get(name) ?? [];
	}

	find(name: string, version: string): PublishedBundle | undefined {
		return this.versions(name).find(
			({ manifest }) => manifest.version === version,
		);
	}

	/** The version that is meant where none is named. */
	newest(name: string): PublishedBundle | undefined {
		return this.versions(name).at(-1);
	}

	/** The function that a valid name stands for: "bundle/function" of the newest version, "bundle@version/function" of that. */
	resolve(name: string): FunctionDescriptor | undefined {
		if (!name.includes("/")) return undefined;
		const ref = parseRef(name);
		if (ref.kind !== "bundle") return undefined;
		const bundle =
			ref.version === undefined
				? this.newest(ref.bundle)
				: this.find(ref.bundle, ref.version);
		return bundle?.functions.get(ref.function);
	}

	/** Whether callers who name no version get this one. */
	isNewest(bundle: PublishedBundle): boolean {
		return this.newest(bundle.manifest.name) === bundle;
	}
}

/** Every name by which the functions of a version may be asked for. */
export function namesOf({
	manifest,
	functions,
}: PublishedBundle): readonly string[] {
	return [...functions].flatMap(([own, { name }]) => [
		name,
		bundleFunctionName(manifest.name, undefined, own),
	]);
}
