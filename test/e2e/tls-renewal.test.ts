import { once } from "node:events";
import { rename, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { connect } from "node:tls";
import { createNode } from "@easyremote/node-runtime";
import pino from "pino";
import { afterEach, beforeEach, expect, it } from "vitest";
import { Authority, GATEWAY, type Pem } from "../support/certificates.js";
import { httpsJson } from "../support/https.js";
import { EAGER, Network } from "../support/network.js";
import { tempFolder } from "../support/temp-folder.js";

let authority: Authority;
let folder: string;
let network: Network;
let logged: string;

beforeEach(async () => {
	authority = await Authority.create();
	const data = await tempFolder();
	folder = data.path;
	logged = "";
	await write("old", await issue("old"));
	// As certbot has it: links that are pointed elsewhere.
	await link("old");
	network = Network.prepare({
		tls: { cert: join(folder, "cert.pem"), key: join(folder, "key.pem") },
		logger: pino({}, { write: (line: string) => void (logged += line) }),
	});
	network.ownFirst(data);
	await network.listen();
});
afterEach(() => network.close());

function issue(name: string): Promise<Pem> {
	return authority.issue({ ...GATEWAY, subject: `CN=${name}` });
}

async function write(name: string, { cert, key }: Pem): Promise<void> {
	await writeFile(join(folder, `${name}-cert.pem`), cert);
	await writeFile(join(folder, `${name}-key.pem`), key);
}

async function link(name: string): Promise<void> {
	for (const part of ["cert.pem", "key.pem"]) {
		const fresh = join(folder, `fresh-${part}`);
		await symlink(join(folder, `${name}-${part}`), fresh);
		await rename(fresh, join(folder, part));
	}
}

/** The name in the certificate that a newcomer is shown. */
async function shown(): Promise<string | undefined> {
	const { port } = network.gateway;
	const ca = authority.cert;
	const socket = connect({ host: "127.0.0.1", port, ca });
	await once(socket, "secureConnect");
	const name = socket.getPeerX509Certificate()?.subject;
	socket.destroy();
	return name;
}

it("newcomers see a new certificate, those there notice nothing, a broken one changes nothing", async () => {
	const node = createNode({
		...{ gateway: network.url, id: "worker", ...EAGER },
		tls: { ca: authority.cert },
	});
	network.own(node);
	node.register("add", (a: number, b: number) => a + b);
	await node.serve();
	const states: string[] = [];
	node.addEventListener("state", ({ state }) => states.push(state));
	const call = () =>
		httpsJson(`${network.url}/api/worker.add`, {
			...{ ca: authority.cert, method: "POST", body: { args: [1, 2] } },
		});
	expect(await shown()).toBe("CN=old");

	await write("new", await issue("new"));
	await link("new");
	await expect.poll(shown).toBe("CN=new");
	expect(await call()).toMatchObject({ json: { result: 3 } });

	await writeFile(join(folder, "new-cert.pem"), "no certificate");
	await expect
		.poll(() => logged)
		.toContain("the former certificate stays in use");
	expect(await shown()).toBe("CN=new");
	expect(await call()).toMatchObject({ json: { result: 3 } });

	await write("new", await issue("newest"));
	await expect.poll(shown).toBe("CN=newest");
	expect(states).toEqual([]);
	expect(logged).not.toContain("PRIVATE KEY");
});
