import type { FunctionDescriptor } from "@easyremote/shared/protocol";
import type { Principal } from "../auth/principal.js";

/** What the registry wants to know of published functions. */
export interface PublishedFunctions {
	/** The function that a valid name stands for, named in full: without a version in the name, that of the newest. */
	resolve(name: string): FunctionDescriptor | undefined;
	/** Every name by which a principal may ask for one that it is told of. */
	visibleNames(principal: Principal): Iterable<string>;
	/** Tells the names that have come, gone, or changed their meaning. The answer removes the listener. */
	listen(listener: (names: ReadonlySet<string>) => void): () => void;
}

/** Where nothing can be published. */
export const NOTHING_PUBLISHED: PublishedFunctions = {
	resolve: () => undefined,
	visibleNames: () => [],
	listen: () => () => undefined,
};
