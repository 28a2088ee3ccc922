import { toEasyRemoteError } from "@easyremote/shared/errors";
import { checkPlugins, type Plugin } from "@easyremote/shared/plugins";
import * as v from "valibot";

/** Plugins in the order in which they are asked. */
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
