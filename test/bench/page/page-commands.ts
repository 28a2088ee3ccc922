import type { createBrowserNode } from "@easyremote/browser-node";
import type { createClient } from "@easyremote/client";
import { BareDriver } from "../bare/bare-driver.js";
import { BareChannelEnd } from "../bare/channel-pipe.js";
import { type BesideRequest, callBesideBulk } from "../beside/beside-client.js";
import { loadCommands } from "../load-commands.js";
import { CALL_BYTES } from "../load-driver.js";
import { type Connection, connectProduct } from "../product/product-driver.js";

/**
 * What a page of the benchmark can be asked: to be the near end of a bare channel, the product's client, or a node with
 * the functions of the module `functions`.
 */
export function pageCommands(
	create: typeof createClient,
	createNode: typeof createBrowserNode,
	functions: string,
) {
	const { commands, use } = loadCommands();
	let end: BareChannelEnd | undefined;
	const bare = (): BareChannelEnd =>
		(end ??= new BareChannelEnd(RTCPeerConnection));
	return {
		...commands,
		offer: () => bare().offer(),
		accept: async (sdp: string) => {
			await bare().accept(sdp);
			use(new BareDriver(await bare().open(), CALL_BYTES));
		},
		connect: async (connection: Connection) => {
			const { driver, transport } = await connectProduct(create, connection);
			use(driver);
			return transport;
		},
		serve: (id: string) =>
			createNode({
				gateway: location.origin,
				id,
				module: new URL(functions, location.href),
			}).start(),
		beside: (request: BesideRequest) => callBesideBulk(create, request),
	};
}
