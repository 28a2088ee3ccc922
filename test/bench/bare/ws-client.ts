// The near end of the bare forwarder.
import { answer } from "../../support/answer.js";
import { CALL_BYTES } from "../load-driver.js";
import { loadCommands } from "../load-commands.js";
import { BareDriver } from "./bare-driver.js";
import { openWsPipe } from "./ws-pipe.js";

const { commands, use } = loadCommands();
answer({
	...commands,
	connect: async (url: string) => {
		use(new BareDriver(await openWsPipe(url), CALL_BYTES));
	},
});
