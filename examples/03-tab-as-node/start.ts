import { readFile } from "node:fs/promises";
import { setTimeout as sleep } from "node:timers/promises";
import { createClient } from "@easyremote/client";
import { createGateway } from "@easyremote/gateway";

interface Tab {
	countPrimes(limit: number): number;
	whereAmI(): string;
	countdown(from: number): AsyncGenerator<number>;
}

const gateway = createGateway({ port: Number(process.env.PORT ?? 8080) });
const file = (name: string) => readFile(new URL(name, import.meta.url), "utf8");
const [page, functions] = await Promise.all([
	file("./index.html"),
	file("./functions.js"),
]);
gateway.app.get("/tab", (context) => context.html(page));
gateway.app.get("/functions.js", (context) =>
	context.body(functions, 200, { "content-type": "text/javascript" }),
);
await gateway.listen();
console.log(`Open ${gateway.url}/tab and press Start`);

const client = createClient({ gateway: gateway.url });
const isOnline = async () =>
	(await client.nodes()).some(({ id }) => id === "my-tab");
while (!(await isOnline())) await sleep(500);

const tab = client.node<Tab>("my-tab");
console.log("the tab runs in", await tab.whereAmI());
for await (const left of tab.countdown(3)) console.log(left);
const { value, meta } = await tab.countPrimes(5_000_000).withMeta();
console.log(
	`${value} primes below 5,000,000, counted in ${Math.round(meta.runMs)} ms, path ${meta.transport}`,
);
await client.close();
await gateway.close();
process.exit(0);
