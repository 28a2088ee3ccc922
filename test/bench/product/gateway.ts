// The gateway, with a look at what it costs.
import { createGateway } from "@easyremote/gateway";
import { answer } from "../../support/answer.js";
import { addBenchPage } from "../page/bench-page.js";
import { usageCommands } from "../usage.js";

const usage = usageCommands();
const gateway = createGateway({
	port: 0,
	host: "127.0.0.1",
});
addBenchPage(gateway);
answer({
	...usage,
	listen: async () => {
		await gateway.listen();
		return gateway.url;
	},
});
