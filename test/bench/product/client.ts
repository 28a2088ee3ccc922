// The caller, on one path.
import { createClient } from "@easyremote/client";
import { answer } from "../../support/answer.js";
import { type BesideRequest, callBesideBulk } from "../beside/beside-client.js";
import { loadCommands } from "../load-commands.js";
import { startUp } from "../measures/start-up.js";
import { type Connection, connectProduct } from "./product-driver.js";

const { commands, use } = loadCommands();
answer({
	...commands,
	connect: async (connection: Connection) => {
		const { driver, transport } = await connectProduct(
			createClient,
			connection,
		);
		use(driver);
		return transport;
	},
	startUp,
	beside: (request: BesideRequest) => callBesideBulk(createClient, request),
});
