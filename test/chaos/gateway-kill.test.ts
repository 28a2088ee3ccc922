import { seededRandom } from "@easyremote/shared/testing";
import { afterEach, beforeEach, expect, it } from "vitest";
import { postJson } from "../support/rest.js";
import { runJson } from "../support/commands.js";
import { SeparateNetwork } from "../support/separate-network.js";
import { type TempFolder, tempFolder } from "../support/temp-folder.js";

const KILLS = 20;
/** Which moments the kills come at; another seed makes other ones. */
const SEED = 20_250_117;
/** The gateway lives up to so long, ms, after it listens. */
const LONGEST_LIFE_MS = 250;

let data: TempFolder;
let network: SeparateNetwork;
beforeEach(async () => {
	data = await tempFolder();
	network = await SeparateNetwork.start({ store: { path: data.path } });
	await network.node("worker");
});
afterEach(async () => {
	await network.close();
	await data.close();
});

/** What the gateway has said, and is to stand by. */
interface Answered {
	readonly jobs: Map<string, number>;
	readonly calls: Map<string, number>;
	sent: number;
}

it(`a gateway that is killed ${KILLS} times stands by all it has answered`, async () => {
	const answered: Answered = { jobs: new Map(), calls: new Map(), sent: 0 };
	const random = seededRandom(SEED);
	for (let kill = 0; kill < KILLS; kill += 1) {
		const life = new AbortController();
		const clients = [startJobs, startJobs, callOnce, callOnce].map((client) =>
			client(answered, life.signal),
		);
		await elapse(random() * LONGEST_LIFE_MS);
		await network.killGateway();
		life.abort();
		await Promise.all(clients);
		await network.restartGateway();
	}
	expect(answered.jobs.size).toBeGreaterThan(0);
	expect(answered.calls.size).toBeGreaterThan(0);

	for (const [name, sum] of answered.calls) {
		const { json, headers } = await call(name, sum);
		expect(json).toEqual({ result: sum });
		expect(headers.get("idempotency-replayed")).toBe("true");
	}
	const ends = { succeeded: 0, aborted: 0 };
	for (const [id, sum] of answered.jobs) {
		const response = await fetch(`${network.url}/api/jobs/${id}/result`, {
			headers: { prefer: "wait=30" },
		});
		const end = (await response.json()) as { result?: number; code?: string };
		if (response.status === 200) {
			expect(end.result).toBe(sum);
			ends.succeeded += 1;
		} else {
			// It was running when the gateway died: nobody knows, and it says so.
			expect(end.code).toBe("ABORTED");
			ends.aborted += 1;
		}
	}
	expect(ends.succeeded).toBeGreaterThan(0);
});

it("a key that was created is there after a kill", async () => {
	const key = (command: string, ...flags: string[]) =>
		runJson<{ id: string }>("gateway", [
			...["key", command, ...flags],
			...["--data", data.path],
		]);
	const [made] = await key("create", "--role", "client");
	await network.killGateway();
	expect(await key("list")).toMatchObject([{ id: made?.id }]);
});

/** Starts one job after the other until the gateway dies. */
async function startJobs(answered: Answered, life: AbortSignal): Promise<void> {
	await untilDead(life, async () => {
		const sum = (answered.sent += 1);
		const answer = await postJson(
			network.url,
			"worker.add",
			{ args: [sum, 0] },
			{ prefer: "respond-async" },
		);
		if (answer.status === 202)
			answered.jobs.set(String(answer.json?.["id"]), sum);
	});
}

/** Makes one call after the other, each with a key of its own. */
async function callOnce(answered: Answered, life: AbortSignal): Promise<void> {
	await untilDead(life, async () => {
		const sum = (answered.sent += 1);
		const name = `call-${sum}`;
		const answer = await call(name, sum);
		if (answer.status === 200) answered.calls.set(name, sum);
	});
}

function call(name: string, sum: number) {
	const body = { args: [sum, 0] };
	const headers = { "idempotency-key": name };
	return postJson(network.url, "worker.add", body, headers);
}

async function untilDead(
	life: AbortSignal,
	step: () => Promise<void>,
): Promise<void> {
	while (!life.aborted) {
		try {
			await step();
		} catch (error) {
			// fetch has no other word for a connection that broke.
			if (!(error instanceof TypeError)) throw error;
			await elapse(1);
		}
	}
}

/** Real time, since it is a real process that is killed. */
function elapse(ms: number): Promise<void> {
	return new Promise((resolve) => {
		setTimeout(resolve, ms);
	});
}
