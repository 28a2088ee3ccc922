/** `npm start`: a gateway, a node and the pages on this machine, and a few calls to see them work. */
import { readFile } from "node:fs/promises";
import { type CallMeta, createClient } from "@easyremote/client";
import { createGateway } from "@easyremote/gateway";
import { createNode } from "@easyremote/node-runtime";
import sharp from "sharp";
import * as hello from "./01-hello/functions.js";
import * as photo from "./02-photo/functions.js";

const gateway = await startGateway();
const node = createNode({ gateway: gateway.url, id: "demo" });
node.register(hello);
node.register(photo);
await node.serve();

process.once("SIGINT", stop);
process.once("SIGTERM", stop);

console.log(`
EasyRemote is up, for this machine only and without keys.

  Dashboard        ${gateway.url}/
  Photo            ${gateway.url}/photo     drop an image: the node develops it, over a direct path
  Donate this tab  ${gateway.url}/donate    your browser becomes a node
`);
await demonstrate();
console.log(`
Paste next, in another terminal:

  curl -s ${gateway.url}/api/demo.add -H 'content-type: application/json' -d '{"args":[1,2]}'
  npx easyremote call demo.add 1 2 --gateway ${gateway.url}
  npx easyremote functions --gateway ${gateway.url}

Ctrl-C ends it.`);

/** Listens on PORT, 8080, or any free port if 8080 is taken. */
async function startGateway() {
	const wanted = process.env["PORT"];
	const page = await readFile(
		new URL("./02-photo/index.html", import.meta.url),
		"utf8",
	);
	for (const port of wanted === undefined ? [8080, 0] : [Number(wanted)]) {
		const candidate = createGateway({ port });
		candidate.app.get("/photo", (context) => context.html(page));
		try {
			await candidate.listen();
			return candidate;
		} catch (error) {
			await candidate.close();
			if (port === 0 || wanted !== undefined) throw error;
			console.log(`Port ${port} is taken; another one will do.`);
		}
	}
	throw new Error("no port to listen on");
}

/** Calls each function, and prints a line a call. */
async function demonstrate(): Promise<void> {
	const client = createClient({ gateway: gateway.url });
	const demo = client.node<typeof hello & typeof photo>("demo");
	const image = await testImage();
	row("function", "node", "path", "sent", "received", "time");

	// The first call leaves on the relay at once, while both ends look for a direct path.
	show("add", (await demo.add(1, 2).withMeta()).meta);
	show(
		"add",
		(await demo.add.with({ transport: "direct" })(3, 4).withMeta()).meta,
	);

	const tokens = demo.tokens("streams arrive piece by piece");
	for await (const _ of tokens);
	show("tokens", await tokens.meta());

	for (const transport of ["direct", "relay"] as const) {
		const call = demo.develop.with({ transport })(image, {
			look: "vivid",
			size: 1024,
		});
		const { value, meta } = await call.withMeta();
		const { width, height, format } = await sharp(value).metadata();
		show(`develop → ${format} ${width}×${height}`, meta);
	}
	await client.close();
}

/** A picture of some megabytes, drawn here: rings of colour under a little noise. */
async function testImage(): Promise<Uint8Array<ArrayBuffer>> {
	const width = 1600;
	const height = 1000;
	const pixels = new Uint8Array(width * height * 3);
	for (let index = 0; index < width * height; index += 1) {
		const x = index % width;
		const y = (index - x) / width;
		const ring = Math.sin(Math.hypot(x - 800, y - 500) / 40) * 60;
		const noise = ((index * 2_654_435_761) >>> 24) / 8;
		pixels.set(
			[90 + x / 12 + ring, 110 + y / 10 - ring, 170 + noise],
			index * 3,
		);
	}
	const png = sharp(pixels, { raw: { width, height, channels: 3 } }).png();
	return new Uint8Array(await png.toBuffer());
}

function show(name: string, meta: CallMeta): void {
	const { transport, candidate, rttMs } = meta;
	const path = [
		transport,
		candidate,
		rttMs === undefined ? undefined : `${rttMs.toFixed(1)} ms`,
	];
	row(
		name,
		meta.nodeId ?? "",
		path.filter((part) => part !== undefined).join(" "),
		size(meta.bytesSent),
		size(meta.bytesReceived),
		`${meta.totalMs.toFixed(1)} ms`,
	);
}

function row(...cells: readonly string[]): void {
	const widths = [26, 6, 20, 10, 10, 10];
	const text = cells.map((cell, column) => {
		const width = widths[column] ?? 0;
		return column < 3 ? cell.padEnd(width) : cell.padStart(width);
	});
	console.log(`  ${text.join(" ")}`);
}

function size(bytes: number): string {
	if (bytes < 1024) return `${bytes} B`;
	if (bytes < 1024 ** 2) return `${(bytes / 1024).toFixed(1)} KiB`;
	return `${(bytes / 1024 ** 2).toFixed(1)} MiB`;
}

function stop(): void {
	console.log("\nClosing …");
	void Promise.all([node.close(), gateway.close()]).then(() => process.exit(0));
	process.once("SIGINT", () => process.exit(130));
}
