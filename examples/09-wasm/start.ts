import { createClient } from "@easyremote/client";
import { publish } from "@easyremote/client/publish";
import { createGateway } from "@easyremote/gateway";
import type { primes } from "./functions.js";

const END = 5_000_000;
const PIECE = 50_000;

const gateway = createGateway({ port: Number(process.env.PORT ?? 8080) });
await gateway.listen();
await publish({
	file: new URL("./functions.ts", import.meta.url),
	name: "sieve",
	gateway: gateway.url,
});
console.log(`Open ${gateway.url}/donate in a browser, or in several`);

const client = createClient({ gateway: gateway.url });
while (!(await client.functions()).some(({ nodes }) => nodes.length > 0))
	await new Promise((resolve) => setTimeout(resolve, 200));

const counts = client.remote<typeof primes>("sieve/primes").map(pieces(), {
	onProgress: ({ done, nodes }) => {
		if (done % 20 === 0) console.log(`${done} pieces, ${nodes} donors`);
	},
});
let total = 0;
for await (const count of counts) total += count;
console.log(`${total} primes below ${END}`);

await client.close();
await gateway.close();

function* pieces() {
	for (let from = 0; from < END; from += PIECE)
		yield { from, to: from + PIECE };
}
