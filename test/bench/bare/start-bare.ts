import { Child } from "../../support/child.js";
import type { Contender } from "../contender.js";

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
		processes: [client, echo, middle],
	};
}

/** Two processes joined by one data channel, with nothing but node-datachannel. */
export async function startChannel(): Promise<Contender> {
	const echo = program("channel-echo.ts");
	const client = program("channel-client.ts");
	const offer = await client.ask<string>("offer");
	const sdp = await echo.ask<string>("answer", offer);
	await client.ask("accept", sdp);
	await echo.ask("serving");
	return { name: "bare data channel", client, processes: [client, echo] };
}

function program(file: string): Child {
	return new Child(new URL(file, import.meta.url));
}
