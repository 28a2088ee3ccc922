// The far end of the bare data channel.
import { answer } from "../../support/answer.js";
import { serveBareEcho } from "./bare-echo.js";
import { BareChannelEnd } from "./channel-pipe.js";
import { NodeConnection } from "./node-connection.js";

const end = new BareChannelEnd(NodeConnection);
const serving = end.open().then(serveBareEcho);
answer({
	answer: (offer: string) => end.answer(offer),
	serving: () => serving,
});
