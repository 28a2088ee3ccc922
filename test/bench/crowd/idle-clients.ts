// Many clients in one process that are connected and do nothing.
import { type Client, createClient } from "@easyremote/client";
import { answer } from "../../support/answer.js";

/** So many connect at the same time. */
const AT_ONCE = 50;

const clients: Client[] = [];

answer({
	/** Connects so many more; each has been answered by the gateway once. */
	join: async ({ gateway, count }: { gateway: string; count: number }) => {
		let begun = 0;
		const lane = async () => {
			while (begun < count) {
				begun += 1;
				const client = createClient({ gateway, transport: "relay" });
				clients.push(client);
				await client.nodes();
			}
		};
		await Promise.all(Array.from({ length: AT_ONCE }, lane));
	},
	leave: () => Promise.all(clients.splice(0).map((client) => client.close())),
});
