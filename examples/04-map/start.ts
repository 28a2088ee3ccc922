import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { createClient } from "@easyremote/client";
import { createGateway } from "@easyremote/gateway";
import * as functions from "./functions.js";

const SEARCHES = 10_000;
const FIRST = 1_000_000_000;

const gateway = createGateway({ port: Number(process.env.PORT ?? 8080) });
await gateway.listen();
const nodes = await Promise.all(["one", "two", "three"].map(startNode));
const client = createClient({ gateway: gateway.url });
console.log(`${SEARCHES} searches, nodes: one, two, three`);

let sum = 0;
let shown = 0;
const primes = client.any<typeof functions>().primeFrom.map(starts(), {
	onProgress: ({ done, running, nodes: left }) => {
		if (done === SEARCHES * 0.3) {
			nodes[1]?.kill("SIGKILL");
			console.log("node two is killed");
		}
		const percent = Math.floor((done / SEARCHES) * 10) * 10;
		if (percent === shown) return;
		shown = percent;
		console.log(`${percent} %, ${running} running at ${left} nodes`);
	},
});
for await (const prime of primes) sum += prime;

let expected = 0;
for (const start of starts()) expected += functions.primeFrom(start);
console.log(
	sum === expected
		? `all ${SEARCHES} primes are right: their sum is ${sum}`
		: `wrong: the sum is ${sum}, not ${expected}`,
);

await client.close();
for (const node of nodes) node.kill("SIGINT");
await gateway.close();
process.exitCode = sum === expected ? 0 : 1;

function* starts(): Generator<number> {
	for (let index = 0; index < SEARCHES; index += 1) yield FIRST + index * 100;
}

/** A node as a process of its own, so that it can be killed. */
async function startNode(id: string): Promise<ChildProcess> {
	const node = fork(new URL("./node.ts", import.meta.url), [id, gateway.url]);
	const gone = once(node, "exit").then(([code]) => {
		throw new Error(`node ${id} ended with ${String(code)}, it served nothing`);
	});
	await Promise.race([once(node, "message"), gone]);
	return node;
}
