// The near end of the bare data channel.
import { answer } from "../../support/answer.js";
import { CALL_BYTES } from "../load-driver.js";
import { loadCommands } from "../load-commands.js";
import { BareDriver } from "./bare-driver.js";
import { BareChannelEnd } from "./channel-pipe.js";
import { NodeConnection } from "./node-connection.js";

const end = new BareChannelEnd(NodeConnection);
const { commands, use } = loadCommands();
answer({
	...commands,
	offer: () => end.offer(),
	accept: async (sdp: string) => {
		await end.accept(sdp);
		use(new BareDriver(await end.open(), CALL_BYTES));
	},
});
