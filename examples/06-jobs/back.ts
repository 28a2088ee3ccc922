import { createClient } from "@easyremote/client";
import type { train } from "./start.js";

const [id] = process.argv.slice(2);
if (!id) throw new Error("usage: back.ts ID, as leave.ts printed it");

const gateway = process.env.EASYREMOTE_GATEWAY ?? "http://127.0.0.1:8080";
const client = createClient({ gateway, key: process.env.EASYREMOTE_KEY });

const job = client.job<Awaited<ReturnType<typeof train>>>(id);
for await (const { status, progress } of job.events())
	console.log(progress?.message ?? status);

const { weights, seconds } = await job.result();
console.log(`${weights.length} weights after ${seconds} s of training`);
await client.close();
