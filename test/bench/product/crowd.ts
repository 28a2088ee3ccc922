// Many clients in one process, each with a direct path that then lies idle.
import { createClient } from "@easyremote/client";
import { answer } from "../../support/answer.js";
import { connectProduct } from "./product-driver.js";

answer({
	join: async ({ gateway, count }: { gateway: string; count: number }) => {
		for (let joined = 0; joined < count; joined += 1)
			await connectProduct(createClient, { gateway, transport: "direct" });
	},
});
