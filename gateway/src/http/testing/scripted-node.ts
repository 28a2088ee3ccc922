import {
	Caller,
	noDirectPath,
	type Route,
	type RouteSource,
	type SessionSource,
} from "@easyremote/shared/caller";
import { memoryChannelPair } from "@easyremote/shared/channel";
import {
	decodeValue,
	type EncodedValue,
	encodeValue,
} from "@easyremote/shared/codec";
import {
	EasyRemoteError,
	toEasyRemoteError,
	toWireError,
} from "@easyremote/shared/errors";
import type { CallMessageOf, Provider } from "@easyremote/shared/protocol";
import {
	type AcceptCall,
	type CallEnd,
	Session,
} from "@easyremote/shared/session";

import type { Registry } from "../../registry/registry.js";

/** A function of the scripted node: gets the arguments as the node decodes them. */
export type Scripted = (
	args: readonly unknown[],
	call: ScriptedCall,
) => unknown;

/** What a function may look at. */
export interface ScriptedCall {
	readonly header: CallMessageOf<"function_call">;
	/** The arguments as they came. */
	readonly value: EncodedValue;
	/** Aborts when the caller cancels. */
	readonly signal: AbortSignal;
}

/** A caller whose only node, "scripted", answers in this process with these functions. */
export function scriptedCaller(functions: Readonly<Record<string, Scripted>>): {
	caller: Caller;
	/** What a registry would say of them. */
	providersFor: Registry["providersFor"];
	close(): void;
} {
	const [near, far] = memoryChannelPair();
	const node = new Session({
		id: "s",
		opener: false,
		strandedTimeoutMs: 1_000,
		accept: acceptCalls(functions),
	});
	const session = new Session({
		id: "s",
		opener: true,
		strandedTimeoutMs: 1_000,
	});
	node.addPath("relay", far);
	session.addPath("relay", near);
	const sessions: SessionSource = {
		session: () => ({
			session,
			direct: noDirectPath("in process"),
			opened: Promise.resolve(),
		}),
	};
	const caller = new Caller({
		routes: scriptedRoutes(functions),
		sessions,
		random: Math.random,
	});
	return {
		caller,
		providersFor: async (query) => {
			const providers = [scriptedProvider(Object.keys(functions))];
			const found = providers
				.flatMap((each) => each.functions)
				.some(({ name }) => name === query.function);
			return {
				providers: found ? providers : [],
				error: found
					? undefined
					: new EasyRemoteError(
							"NOT_FOUND",
							`there is no function ${query.function ?? ""}`,
						),
				version: "",
				loadVersion: "",
			};
		},
		close() {
			caller.close();
			session.close();
			node.close();
		},
	};
}

/** What the scripted node says of itself. */
export function scriptedProvider(names: readonly string[]): Provider {
	return {
		nodeId: "scripted",
		kind: "compute",
		state: "online",
		tags: ["test"],
		direct: false,
		load: { running: 0, queued: 0, maxConcurrent: 10 },
		functions: names.map((name) => ({
			name,
			public: true,
			authRequired: true,
			idempotent: false,
			stream: false,
		})),
	};
}

function scriptedRoutes(
	functions: Readonly<Record<string, Scripted>>,
): RouteSource {
	const route: Route = {
		providers: [scriptedProvider(Object.keys(functions))],
		strategy: "round_robin",
		error: undefined,
		doubt: () => undefined,
		subscribe: () => () => undefined,
	};
	const known = (name: string | undefined) =>
		name !== undefined && Object.hasOwn(functions, name);
	return {
		peek: (query) => (known(query.function) ? route : undefined),
		resolve: (query) =>
			Promise.reject(
				new EasyRemoteError(
					"NOT_FOUND",
					`there is no function ${query.function ?? ""}`,
					{ hint: "Look at GET /api." },
				),
			),
	};
}

function acceptCalls(
	functions: Readonly<Record<string, Scripted>>,
): AcceptCall {
	return (end) => {
		const controller = new AbortController();
		return {
			message(header, value, release) {
				release();
				if (header.type !== "function_call" || !value) return;
				const work = functions[header.function];
				if (work)
					void answer(end, work, { header, value, signal: controller.signal });
			},
			ended: () => undefined,
			drained: () => undefined,
			failed: (error) => {
				controller.abort(error);
			},
		};
	};
}

async function answer(
	end: CallEnd,
	work: Scripted,
	call: ScriptedCall,
): Promise<void> {
	const accept = call.header.accept ?? "msgpack";
	const send = (value: unknown) =>
		isEncoded(value) ? value : encodeValue(value, { format: accept });
	try {
		const result = await work(readArgs(call), call);
		const stream = isGenerator(result);
		end.send({ type: "accepted", queuedMs: 0, stream });
		if (stream)
			for await (const item of result)
				end.send({ type: "stream_data" }, send(item));
		end.send(
			{ type: "function_response", runMs: 1 },
			stream ? undefined : send(result),
		);
	} catch (error) {
		// As nodes do: it ran, and nobody may take this for a call that did not start.
		end.send({ type: "accepted", queuedMs: 0, stream: false });
		end.send({ type: "error", error: toWireError(toEasyRemoteError(error)) });
	}
	end.end();
}

function readArgs({ header, value }: ScriptedCall): readonly unknown[] {
	const decoded = decodeValue(value);
	if (header.named !== true) return decoded as unknown[];
	const { args = [], kwargs } = decoded as {
		args?: unknown[];
		kwargs?: object;
	};
	return kwargs && Object.keys(kwargs).length > 0 ? [...args, kwargs] : args;
}

function isGenerator(value: unknown): value is AsyncIterable<unknown> {
	return (
		typeof value === "object" && value !== null && Symbol.asyncIterator in value
	);
}

function isEncoded(value: unknown): value is EncodedValue {
	return typeof value === "object" && value !== null && "attachments" in value;
}
