import { createClient } from "@easyremote/client";
import type * as Hello from "./functions.js";

const client = createClient({
	gateway: process.env.EASYREMOTE_GATEWAY ?? "http://127.0.0.1:8080",
	key: process.env.EASYREMOTE_KEY,
});
const hello = client.node<typeof Hello>("hello");
console.log("1 + 2 =", await hello.add(1, 2));
for await (const token of hello.tokens("streams are generators"))
	console.log(token);
await client.close();
