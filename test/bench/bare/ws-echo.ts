// The far end of the bare forwarder.
import { answer } from "../../support/answer.js";
import { serveBareEcho } from "./bare-echo.js";
import { openWsPipe } from "./ws-pipe.js";

answer({
	connect: async (url: string) => {
		serveBareEcho(await openWsPipe(url));
	},
});
