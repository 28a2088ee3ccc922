import { platform } from "#platform";
import { systemClock } from "@easyremote/shared/time";
import { Client } from "./client.js";
import { type ClientOptions, readClientOptions } from "./client-options.js";

/**
 * Makes a client of a gateway. It connects in the background, at once, and keeps the connection until
 * `close()`; in Node.js an open client keeps the process alive, as any open connection does.
 * Throws INVALID_ARGUMENT that names the option.
 *
 * @example
 * const client = createClient({ gateway: "https://gw.example.com", key });
 * const add = client.remote<(a: number, b: number) => number>("gpu-1.add");
 * console.log(await add(1, 2));
 * await client.close();
 */
export function createClient(options: ClientOptions): Client {
	return new Client(readClientOptions(options), {
		platform,
		clock: systemClock,
		random: Math.random,
	});
}
