import { platform } from "#platform";
import { EasyRemoteError } from "@easyremote/shared/errors";
import type { Client } from "./client.js";
import type { ClientOptions } from "./client-options.js";
import { createClient } from "./create-client.js";

let configured: ClientOptions | undefined;
let current: Client | undefined;

/**
 * Sets up the client that `remote` uses, in place of the environment variables EASYREMOTE_GATEWAY and
 * EASYREMOTE_KEY. A client in use before is closed. Throws INVALID_ARGUMENT that names the option.
 *
 * @example
 * configure({ gateway: "https://gw.example.com", key });
 * await remote("gpu-1.add")(1, 2);
 */
export function configure(options: ClientOptions): Client {
	const former = current;
	current = createClient(options);
	configured = options;
	if (former) void former.close();
	return current;
}

/** The client that `remote` uses, made when first needed. Throws INVALID_ARGUMENT where nothing says which gateway. */
export function defaultClient(): Client {
	if (current && current.state !== "closed") return current;
	current = createClient(configured ?? fromEnvironment());
	return current;
}

function fromEnvironment(): ClientOptions {
	const gateway = platform.environment("EASYREMOTE_GATEWAY");
	if (gateway === undefined || gateway === "") {
		throw new EasyRemoteError("INVALID_ARGUMENT", "no gateway is configured", {
			hint: "call configure({ gateway, key }), or set EASYREMOTE_GATEWAY and EASYREMOTE_KEY",
		});
	}
	const key = platform.environment("EASYREMOTE_KEY");
	return { gateway, ...(key ? { key } : {}) };
}
