import type { FunctionWorkerBoot } from "../ports/function-port.js";
import { FunctionServer } from "./function-server.js";

/**
 * Makes this Worker one of a browser node's function Workers. Call it once, without awaiting anything before.
 *
 * @example
 * // functions.worker.ts, started by createBrowserNode({ module: () => new Worker(new URL("./functions.worker.ts", …)) })
 * import { serveFunctions } from "@easyremote/browser-node/worker";
 * import * as functions from "./functions.js";
 * serveFunctions(functions);
 */
export function serveFunctions(functions: object): void {
	onBoot((server) => server.serve(functions));
}

/** Waits for the boot message, and reports whatever goes wrong outside of calls from then on. */
export function onBoot(
	begin: (server: FunctionServer, boot: FunctionWorkerBoot) => void,
): void {
	const boot = ({ data }: MessageEvent<unknown>): void => {
		if (!isBoot(data)) return;
		removeEventListener("message", boot);
		const server = new FunctionServer(data.port);
		addEventListener("error", (event) =>
			server.crashed(event.error ?? event.message),
		);
		addEventListener("unhandledrejection", (event) =>
			server.crashed(event.reason),
		);
		begin(server, data);
	};
	addEventListener("message", boot);
}

function isBoot(data: unknown): data is FunctionWorkerBoot {
	return (
		typeof data === "object" &&
		data !== null &&
		"easyremote" in data &&
		data.easyremote === "serve" &&
		"port" in data
	);
}
