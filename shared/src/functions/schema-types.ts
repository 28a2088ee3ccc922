import type { StandardSchemaV1 } from "@standard-schema/spec";
import type { InputSchemas } from "./function-options.js";

type Schema = StandardSchemaV1;

/** What a handler gets: what the schemas make of the arguments. */
export type HandlerArguments<Input extends InputSchemas> = Outputs<
	AsList<Input>
>;

/** What a caller gives: what the schemas take. */
export type CallerArguments<Input extends InputSchemas> = OptionalTail<
	Inputs<AsList<Input>>
>;

type AsList<Input extends InputSchemas> = Input extends readonly Schema[]
	? Input
	: Input extends Schema
		? [Input]
		: never;

type Outputs<List extends readonly Schema[]> = {
	-readonly [Index in keyof List]: StandardSchemaV1.InferOutput<List[Index]>;
};

type Inputs<List extends readonly Schema[]> = {
	-readonly [Index in keyof List]: StandardSchemaV1.InferInput<List[Index]>;
};

/** Arguments at the end that may be undefined may be left out. */
type OptionalTail<Args extends readonly unknown[]> = Args extends [
	...infer Rest,
	infer Last,
]
	? undefined extends Last
		? [...OptionalTail<Rest>, Last?]
		: Args
	: Args;

/** What a handler may return so that the output schema can take it: a value, a promise of one, or a stream of them. */
export type HandlerResult<Output> = Output extends Schema
	? MaybeStream<StandardSchemaV1.InferInput<Output>>
	: unknown;

type MaybeStream<Value> =
	| Value
	| PromiseLike<Value>
	| AsyncIterable<Value>
	| Iterator<Value>;

/** What comes out once the output schema has been over it. */
export type CheckedResult<Result, Output> = Output extends Schema
	? Result extends AsyncIterable<unknown> | Iterator<unknown>
		? AsyncGenerator<StandardSchemaV1.InferOutput<Output>>
		: Result extends PromiseLike<unknown>
			? Promise<StandardSchemaV1.InferOutput<Output>>
			: StandardSchemaV1.InferOutput<Output>
	: Result;
