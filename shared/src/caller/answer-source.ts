import type { EncodedValue } from "../codec/encoded-value.js";
import type { FunctionDescriptor } from "../protocol/provider.js";
import type { CallPayload } from "./call-payload.js";
import type { CallRequest } from "./call-request.js";
import { offeredBy } from "./reference.js";
import type { Route } from "./route-source.js";

/** A call about to be sent to a node, whose answer may be known here. */
export interface KeepableCall {
	readonly nodeId: string;
	/** The function, as the route has it: what the node offers may have changed a moment ago. */
	readonly descriptor: FunctionDescriptor;
	readonly args: EncodedValue;
	/** Whether `args` are `{args, kwargs}`. */
	readonly named: boolean;
	readonly accept: string | undefined;
}

/** An answer from before. */
export interface KnownAnswer {
	readonly value: EncodedValue | undefined;
	/** For how long it may still be given, ms. */
	readonly freshMs: number;
	/** How long the function took for it, ms. */
	readonly runMs: number;
}

/** Where the answer to calls like one is kept. */
export interface AnswerPlace {
	/** What is there; undefined if nothing is. */
	readonly known: KnownAnswer | undefined;
	/** Puts an answer there that has just come from the node. */
	keep(answer: KnownAnswer): void;
}

/** Answers kept on this side of the nodes: for callers whose calls are `raw`, since answers are kept encoded. */
export interface AnswerSource {
	/** The place for a call; undefined where nothing is kept of such calls. Never rejects. */
	find(call: KeepableCall): Promise<AnswerPlace> | undefined;
}

/** Asks for the place of a call that is about to be sent. */
export function findAnswer(
	answers: AnswerSource | undefined,
	{ target, accept, raw }: CallRequest,
	payload: CallPayload,
	{ nodeId, route }: { readonly nodeId: string; readonly route: Route },
): Promise<AnswerPlace> | undefined {
	if (!answers || raw !== true || payload.inputs.length > 0) return undefined;
	const provider = route.providers.find((each) => each.nodeId === nodeId);
	const descriptor = provider && offeredBy(provider, target);
	if (!descriptor) return undefined;
	const { value: args, named } = payload;
	return answers.find({ nodeId, descriptor, args, named, accept });
}
