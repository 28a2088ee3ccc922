import { afterEach, describe, expect, it } from "vitest";
import {
	ATTRIBUTE,
	attributeOf,
	type StunMessage,
	writeStun,
} from "../stun/stun-message.js";
import { longTermKey } from "../stun/turn-allocation.js";
import { scriptedStunServer } from "../stun/testing/scripted-stun-server.js";
import type { Finding } from "./finding.js";
import { checkTurn } from "./turn-check.js";

const USER = { username: "1700000000:n1", credential: "pass" };
const REALM = "example.org";
const REFRESH = 0x0004;

const servers: { close(): Promise<void> }[] = [];
afterEach(async () => {
	for (const server of servers.splice(0)) await server.close();
});

function refusal(code: number, text: string, nonce: string) {
	return {
		type: 0x0113,
		attributes: [
			[
				ATTRIBUTE.errorCode,
				Buffer.concat([
					Buffer.from([0, 0, Math.floor(code / 100), code % 100]),
					Buffer.from(text),
				]),
			],
			[ATTRIBUTE.realm, Buffer.from(REALM)],
			[ATTRIBUTE.nonce, Buffer.from(nonce)],
		],
	} satisfies Pick<StunMessage, "type" | "attributes">;
}

/** A TURN server that knows one user, and whose first nonce is stale by the time it comes back. */
async function turnServer() {
	const released: StunMessage[] = [];
	const server = await scriptedStunServer((request, datagram) => {
		const nonce = attributeOf(request, ATTRIBUTE.nonce)?.toString();
		if (nonce === undefined) return refusal(401, "Unauthorized", "old");
		if (nonce === "old") return refusal(438, "Stale Nonce", "new");
		const { type, transactionId, attributes } = request;
		const signed = attributes.filter(
			([each]) => each !== ATTRIBUTE.messageIntegrity,
		);
		const key = longTermKey(USER, REALM);
		const proper = writeStun({ type, transactionId, attributes: signed }, key);
		if (!proper.equals(datagram)) return refusal(401, "Unauthorized", "new");
		if (type === REFRESH) released.push(request);
		// 192.0.2.1:32853 behind the mask (RFC 8489 §14.2): the port and address bits depend on the cookie alone.
		const relayed = Buffer.from("0001a147e112a643", "hex");
		return {
			type: type | 0x0100,
			attributes: [[ATTRIBUTE.xorRelayedAddress, relayed]],
		};
	});
	servers.push(server);
	return { url: `turn:127.0.0.1:${server.port}`, released };
}

async function check(
	urls: string | string[],
	user: Partial<typeof USER> = USER,
): Promise<Finding[]> {
	const findings: Finding[] = [];
	const { signal } = new AbortController();
	for await (const finding of checkTurn([{ urls, ...user }], signal))
		findings.push(finding);
	return findings;
}

describe("checkTurn", () => {
	it("allocates with the credentials, through a stale nonce, and gives the allocation back", async () => {
		const { url, released } = await turnServer();
		const [finding] = await check(url);
		expect(finding).toMatchObject({
			check: "turn",
			status: "ok",
			data: { url, relayed: "192.0.2.1:32853" },
		});
		expect(released).toHaveLength(1);
		const [release] = released;
		expect(release && attributeOf(release, ATTRIBUTE.lifetime)).toEqual(
			Buffer.alloc(4),
		);
	});

	it("says that the credentials are wrong", async () => {
		const { url } = await turnServer();
		const [finding] = await check(url, { ...USER, credential: "wrong" });
		expect(finding).toMatchObject({
			status: "failed",
			detail: `${url} refuses: 401 Unauthorized`,
			fix: expect.stringContaining("ice.turn") as string,
		});
	});

	it("says that nothing listens there", async () => {
		const { url } = await turnServer();
		await servers.pop()?.close();
		const [finding] = await check(url);
		expect(finding).toMatchObject({
			status: "failed",
			detail: expect.stringContaining("nothing listens") as string,
		});
	});

	it("leaves out what is not TURN over UDP, and says so", async () => {
		const findings = await check([
			"stun:127.0.0.1:1",
			"turns:turn.example.com",
			"turn:turn.example.com?transport=tcp",
		]);
		expect(findings.map(({ status }) => status)).toEqual([
			"skipped",
			"skipped",
		]);
		const [none] = await check("stun:127.0.0.1:1");
		expect(none?.detail).toContain("hands out no TURN server");
	});
});
