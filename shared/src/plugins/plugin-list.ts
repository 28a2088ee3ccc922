import * as v from "valibot";
import { toEasyRemoteError } from "../errors/error-wire.js";
import { checkPlugins } from "./check-plugins.js";
import type { Plugin } from "./plugin.js";

/** The option `plugins` of a gateway or a node: in the order in which they are asked. */
export const pluginList = v.pipe(
	v.custom<readonly Plugin[]>(Array.isArray, "expected an array of plugins"),
	v.rawCheck(({ dataset, addIssue }) => {
		try {
			checkPlugins(dataset.value);
		} catch (error) {
			addIssue({ message: toEasyRemoteError(error).message });
		}
	}),
);
