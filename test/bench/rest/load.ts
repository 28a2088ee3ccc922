// The load: many connections that call one function, each with a body of its own, and look at every answer.
import { answer } from "../../support/answer.js";
import { quantile } from "../median.js";
import { HttpConnection, postRequest } from "./http-connection.js";
import type { RestLoad, RestLoadResult } from "./rest-load.js";

/** Size of a request's body, bytes. */
const BODY_BYTES = 150;

answer({
	load: async (load: RestLoad): Promise<RestLoadResult> => {
		const lanes = await Promise.all(
			Array.from({ length: load.connections }, async (_, lane) => ({
				connection: await HttpConnection.open(load.port),
				...exchange(lane, load),
			})),
		);
		const startedAt = performance.now();
		const until = startedAt + (load.forMs ?? Number.POSITIVE_INFINITY);
		const most = load.calls ?? Number.POSITIVE_INFINITY;
		const times: number[] = [];
		let begun = 0;
		const work = lanes.map(async ({ connection, request, expected }) => {
			for (let now = startedAt; begun < most && now < until; ) {
				begun += 1;
				const { status, body } = await connection.send(request);
				if (status !== 200 || body !== expected)
					throw new Error(`expected ${expected}, got ${status} ${body}`);
				const answeredAt = performance.now();
				times.push(answeredAt - now);
				now = answeredAt;
			}
		});
		await Promise.all(work);
		const ms = performance.now() - startedAt;
		for (const { connection } of lanes) connection.close();
		return {
			perSecond: (times.length / ms) * 1_000,
			calls: times.length,
			p99Ms: quantile(times, 0.99),
		};
	},
});

/** A request that only its own answer fits. */
function exchange(lane: number, { path, headers }: RestLoad) {
	const empty = JSON.stringify({ args: [{ lane, text: "" }] });
	const text = "x".repeat(BODY_BYTES - empty.length);
	return {
		request: postRequest(
			path,
			headers,
			JSON.stringify({ args: [{ lane, text }] }),
		),
		expected: JSON.stringify({ result: { lane, text } }),
	};
}
