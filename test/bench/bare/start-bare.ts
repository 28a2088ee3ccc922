import { Child } from "../../support/child.js";
import type { Contender, LoadClient } from "../contender.js";
import { HEAP_FLAG } from "../heap-flag.js";
import type { PageClient } from "../page/page-client.js";

/** Three processes: client → forwarder → echo, with nothing but ws. */
export async function startForwarder(): Promise<Contender> {
	const middle = program("ws-forwarder.ts");
	const echo = program("ws-echo.ts");
	const client = program("ws-client.ts");
	const url = await middle.ask<string>("url");
	await echo.ask("connect", url);
	await client.ask("connect", url);
	return {
		name: "bare ws forwarder",
		client,
		middle,
		way: [client, middle, echo],
		processes: [client, echo, middle],
	};
}

/** The same with the near end in a page. */
export async function startPageChannel(page: PageClient): Promise<Contender> {
	const echo = program("channel-echo.ts");
	await join(page, echo);
	return {
		name: "bare page channel",
		client: page,
		way: [],
		processes: [echo],
	};
}

/** Two processes joined by one data channel, with nothing but node-datachannel. */
export async function startChannel(): Promise<Contender> {
	try {
		return await openChannel();
	} catch (error) {
		// Now and then libdatachannel refuses the description of its other end; the product begins a new attempt then.
		console.log(
			`the bare channel did not open, trying once more: ${String(error)}`,
		);
		return openChannel();
	}
}

async function openChannel(): Promise<Contender> {
	const echo = program("channel-echo.ts");
	const client = program("channel-client.ts");
	try {
		await join(client, echo);
	} catch (error) {
		await Promise.all([client.close(), echo.close()]);
		throw error;
	}
	return {
		name: "bare data channel",
		client,
		way: [],
		processes: [client, echo],
	};
}

async function join(client: LoadClient, echo: Child): Promise<void> {
	const offer = await client.ask<string>("offer");
	const sdp = await echo.ask<string>("answer", offer);
	await client.ask("accept", sdp);
	await echo.ask("serving");
}

function program(file: string): Child {
	return new Child(new URL(file, import.meta.url), { nodeFlags: [HEAP_FLAG] });
}
