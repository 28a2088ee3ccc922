import { define } from "@easyremote/shared";
import {
	context,
	propagation,
	type Span,
	SpanStatusCode,
	trace,
} from "@opentelemetry/api";
import { AsyncLocalStorageContextManager } from "@opentelemetry/context-async-hooks";
import {
	BasicTracerProvider,
	InMemorySpanExporter,
	type ReadableSpan,
	SimpleSpanProcessor,
} from "@opentelemetry/sdk-trace-base";
import { afterAll, beforeAll, beforeEach, expect, it } from "vitest";
import { Network } from "../support/network.js";
import { whenStarted } from "../support/outcome.js";
import { postJson, type RestAnswer } from "../support/rest.js";

const exporter = new InMemorySpanExporter();
const provider = new BasicTracerProvider({
	spanProcessors: [new SimpleSpanProcessor(exporter)],
});
const tracer = trace.getTracer("test");

/** A span that a function makes by itself. */
const inside = (name: string) => {
	tracer.startSpan(name).end();
};

const functions = {
	add: async (a: number, b: number) => {
		inside("first thought");
		await Promise.resolve();
		inside("second thought");
		return a + b;
	},
	fail: () => {
		throw new RangeError("out of soup");
	},
	async *count(to: number) {
		for (let n = 1; n <= to; n += 1) {
			await Promise.resolve();
			inside(`thought ${n}`);
			yield n;
		}
	},
	hang: define({}, () => new Promise<never>(() => {})),
};

let network: Network;
beforeAll(async () => {
	trace.setGlobalTracerProvider(provider);
	context.setGlobalContextManager(
		new AsyncLocalStorageContextManager().enable(),
	);
	network = await Network.start();
	await network.node(functions, { id: "worker" });
});
beforeEach(() => exporter.reset());
afterAll(async () => {
	await network.close();
	trace.disable();
	context.disable();
	propagation.disable();
});

function traceparentOf(span: Span): string {
	const { traceId, spanId } = span.spanContext();
	return `00-${traceId}-${spanId}-01`;
}

/** Calls by REST within a span of the caller's. */
async function callWithin(
	name: string,
	...args: unknown[]
): Promise<{ readonly caller: Span; readonly answer: RestAnswer }> {
	const caller = tracer.startSpan("the caller");
	const traceparent = traceparentOf(caller);
	const answer = await postJson(
		network.url,
		`worker.${name}`,
		{ args },
		{ traceparent },
	);
	caller.end();
	return { caller, answer };
}

function spanNamed(name: string): ReadableSpan {
	const found = exporter
		.getFinishedSpans()
		.filter((each) => each.name === name);
	expect(found, name).toHaveLength(1);
	return found[0] as ReadableSpan;
}

const parentIdOf = (span: ReadableSpan) => span.parentSpanContext?.spanId;
const idOf = (span: ReadableSpan) => span.spanContext().spanId;

it("a call is one trace from its caller through gateway and node into the function", async () => {
	const { caller, answer } = await callWithin("add", 1, 2);
	expect(answer.json).toEqual({ result: 3 });
	const called = spanNamed("call add");
	const ran = spanNamed("run add");
	expect(parentIdOf(called)).toBe(caller.spanContext().spanId);
	expect(parentIdOf(ran)).toBe(idOf(called));
	for (const thought of ["first thought", "second thought"])
		expect(parentIdOf(spanNamed(thought))).toBe(idOf(ran));
	const traces = exporter
		.getFinishedSpans()
		.map((span) => span.spanContext().traceId);
	expect(new Set(traces)).toEqual(new Set([caller.spanContext().traceId]));
	const callId = answer.headers.get("x-easyremote-call-id");
	for (const span of [called, ran])
		expect(span.attributes).toMatchObject({
			"rpc.system": "easyremote",
			"rpc.service": "worker",
			"rpc.method": "add",
			"easyremote.call_id": callId,
		});
});

it("a stream's spans last to its end, and each of its steps is within them", async () => {
	const { answer } = await callWithin("count", 3);
	expect(answer.text).toContain("event: end");
	const ran = spanNamed("run count");
	expect(parentIdOf(ran)).toBe(idOf(spanNamed("call count")));
	for (const n of [1, 2, 3])
		expect(parentIdOf(spanNamed(`thought ${n}`))).toBe(idOf(ran));
});

it("a failure marks both spans; its text stays on the node's side", async () => {
	await callWithin("fail");
	const called = spanNamed("call fail");
	const ran = spanNamed("run fail");
	expect(called.status).toEqual({
		code: SpanStatusCode.ERROR,
		message: "FUNCTION_ERROR",
	});
	expect(called.events).toEqual([]);
	expect(ran.status).toEqual({
		code: SpanStatusCode.ERROR,
		message: "RangeError",
	});
	expect(ran.events[0]?.attributes).toMatchObject({
		"exception.message": "out of soup",
	});
});

it("a call that is cancelled ends the span of a function that goes on", async () => {
	const client = network.client();
	const hang = client.node<typeof functions>("worker").hang;
	const call = hang();
	await whenStarted(call);
	call.cancel();
	await expect(call).rejects.toMatchObject({ code: "CANCELLED" });
	await client.close();
	await expect.poll(() => exporter.getFinishedSpans()).toHaveLength(1);
	expect(spanNamed("run hang").status.code).toBe(SpanStatusCode.ERROR);
});

it.each(["relay", "direct"] as const)(
	"a client's own trace context reaches the node on the %s path",
	async (transport) => {
		const caller = tracer.startSpan("the caller");
		const traceparent = traceparentOf(caller);
		const client = network.client({ transport });
		const { add } = client.node<typeof functions>("worker");
		expect(await add.with({ traceparent })(1, 2)).toBe(3);
		expect(parentIdOf(spanNamed("run add"))).toBe(caller.spanContext().spanId);
		await client.close();
	},
);

it("a trace context that is not valid is ignored", async () => {
	const answer = await postJson(
		network.url,
		"worker.add",
		{ args: [1, 2] },
		{ traceparent: "x".repeat(9_000) },
	);
	expect(answer.json).toEqual({ result: 3 });
	expect(parentIdOf(spanNamed("call add"))).toBeUndefined();
});
