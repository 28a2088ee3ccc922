import { createClient } from "@easyremote/client";
import type * as Forge from "./start.js";

const gateway = process.env.EASYREMOTE_GATEWAY ?? "http://127.0.0.1:8080";
const client = createClient({ gateway, key: process.env.EASYREMOTE_KEY });

const job = await client.node<typeof Forge>("forge").train.spawn(15);
console.log(`come back with: npx tsx examples/06-jobs/back.ts ${job.id}`);

// Nothing of it depends on this program any more.
await client.close();
