import type { HostLog } from "@easyremote/shared/host";
import pino from "pino";
import { afterEach, expect, it } from "vitest";
import { runJson } from "../support/commands.js";
import { Network } from "../support/network.js";
import { postJson } from "../support/rest.js";
import { tempFolder } from "../support/temp-folder.js";
import { tokenIssuer } from "../support/token-issuer.js";

let network: Network;
afterEach(() => network.close());

const PAYLOAD = "the-payload-of-a-call";
const THROWN = "what-a-function-throws";

/** Everything that can go right and wrong with credentials, with every log at its most talkative. */
it("no key, token or payload is in any log, nor in an answer that refuses one", async () => {
	let logged = "";
	const write = (line: string) => {
		logged += line;
	};
	const say = (...words: unknown[]) => write(`${JSON.stringify(words)}\n`);
	const log: HostLog = { debug: say, info: say, warn: say, error: say };
	const issuer = await tokenIssuer();
	const stranger = await tokenIssuer();
	const data = await tempFolder();
	const key = async (...flags: string[]) => {
		const args = ["key", "create", "--data", data.path, ...flags];
		const [made] = await runJson<{ key: string }>("gateway", args);
		if (!made) throw new Error("no key was printed");
		return made.key;
	};
	const nodeKey = await key("--role", "node");
	const clientKey = await key("--role", "client");
	network = Network.prepare({
		store: { path: data.path },
		auth: { jwt: issuer.jwt },
		logger: pino({ level: "trace" }, { write }),
	});
	network.ownFirst(data);
	await network.listen();
	const functions = {
		echo: (text: string) => text,
		fail: (text: string) => {
			throw new Error(`${THROWN} ${text}`);
		},
	};
	await network.node(functions, { id: "worker", key: nodeKey, log });

	const expired = await issuer.token({ exp: 1 });
	const secrets = {
		good: [clientKey, await issuer.token({ scope: "call:*" })],
		bad: [
			`${clientKey.slice(0, 12)}${nodeKey.slice(12)}`,
			expired,
			await stranger.token(),
			`${expired}.too-many-parts`,
			"a-word-that-is-no-key",
		],
	};
	for (const secret of secrets.good) {
		const authorization = `Bearer ${secret}`;
		for (const name of ["echo", "fail", "nothing"])
			await postJson(
				network.url,
				`worker.${name}`,
				{ args: [PAYLOAD] },
				{ authorization },
			);
		const client = network.client(
			secret === clientKey ? { key: secret } : { token: secret },
		);
		const worker = client.node<typeof functions>("worker");
		expect(await worker.echo(PAYLOAD)).toBe(PAYLOAD);
		await expect(worker.fail(PAYLOAD)).rejects.toThrow(THROWN);
	}
	const answers: string[] = [];
	for (const secret of secrets.bad) {
		const { text } = await postJson(
			network.url,
			`worker.echo?key=${secret}`,
			{ args: [PAYLOAD] },
			{ authorization: `Bearer ${secret}` },
		);
		answers.push(text);
		const client = network.client({ key: secret, retries: 0 });
		const error = await client.functions().catch((reason: unknown) => reason);
		answers.push(String(error));
		await expect(
			network.node(functions, { id: "other", key: secret, log }),
		).rejects.toMatchObject({ code: "UNAUTHENTICATED" });
	}
	await network.gateway.close();

	expect(logged).toContain("a credential was refused");
	const all = [...secrets.good, ...secrets.bad, nodeKey];
	for (const secret of all) {
		// The public part of a key may be there: it names the key.
		const part = secret.startsWith("er_") ? secret.slice(12) : secret;
		expect(logged).not.toContain(part);
		expect(logged).not.toContain(secret.split(".").at(-1));
		expect(answers.join()).not.toContain(part);
	}
	expect(logged).not.toContain(PAYLOAD);
	expect(logged).not.toMatch(/PRIVATE KEY|authorization/i);
});
