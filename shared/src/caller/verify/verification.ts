import { EasyRemoteError } from "../../errors/easyremote-error.js";
import type { FunctionDescriptor, Provider } from "../../protocol/provider.js";
import { takesCalls } from "../../routing/eligible.js";
import type { Route } from "../route-source.js";
import { type Ballot, BallotBox } from "./ballot-box.js";
import { type CallResult, comparisonFor, sameResult } from "./call-result.js";
import { isResult } from "./is-result.js";
import type { Replica, ReplicaTerms } from "./replica.js";
import type { Agreement, Verdict } from "./verdict.js";

/** What several nodes came to. */
export interface Verified {
	readonly result: CallResult;
	readonly agreement: Agreement;
	/** Whose answer it is, where it is not that of the call's own run. */
	readonly from: Replica | undefined;
}

export interface VerificationOptions {
	/** Where the call goes by itself. */
	readonly provider: Provider;
	readonly descriptor: FunctionDescriptor;
	readonly route: Route;
	/** Equal answers needed, 2 at least. */
	readonly needed: number;
	/** Whether the caller asked for so many: then fewer will not do. */
	readonly asked: boolean;
	/** Whether values are left encoded. */
	readonly raw: boolean;
	readonly replicate: (terms: ReplicaTerms) => Replica;
	readonly settled: (verified: Verified) => void;
	readonly failed: (error: EasyRemoteError) => void;
	readonly verdict: ((verdict: Verdict) => void) | undefined;
}

/** Somebody who is asked: the call's own run, or a replica. */
interface Seat {
	replica: Replica | undefined;
	provider: Provider | undefined;
	/** Still to be heard of. */
	open: boolean;
}

interface Cast extends Ballot<CallResult> {
	readonly donor: boolean;
	readonly from: Replica | undefined;
}

/**
 * Several nodes run one call, and what most of them come to is its result. The call's own run is one of them; the others
 * are started here, more of them as long as there is no agreement and nodes are left to ask.
 */
export class Verification {
	readonly #options: VerificationOptions;
	readonly #box: BallotBox<CallResult, Cast>;
	readonly #own: Seat;
	readonly #seats: Seat[];
	#begun = false;
	#over = false;

	/** Throws UNAVAILABLE if fewer nodes are there than answers were asked for. */
	constructor(options: VerificationOptions) {
		const { provider, needed, asked, descriptor, raw } = options;
		this.#options = options;
		const comparison = comparisonFor(descriptor, raw);
		this.#box = new BallotBox(needed, (a, b) => sameResult(a, b, comparison));
		this.#own = { replica: undefined, provider, open: true };
		this.#seats = [this.#own];
		if (asked && this.#free < needed - 1) throw tooFew(needed, this.#free + 1);
	}

	/** The call's own run is on its way: so are the others. Saying so twice does nothing. */
	begin(): void {
		if (this.#begun || this.#over) return;
		this.#begun = true;
		this.#ask(this.#box.needed - 1);
	}

	/** The call's own run tries another node. */
	moved(provider: Provider): void {
		this.#own.provider = provider;
	}

	/** Nodes that are to be left to others, and those in `failed`. */
	avoid(failed: ReadonlySet<string>): ReadonlySet<string> {
		const others = this.#seats.filter((seat) => seat !== this.#own);
		const taken = others.flatMap(({ provider }) => provider?.nodeId ?? []);
		return new Set([...failed, ...taken]);
	}

	/** The call's own run has come to a result. */
	answered(result: CallResult): void {
		this.#answered(this.#own, result);
	}

	/** The call is over, or needs no comparison after all. */
	end(reason: unknown): void {
		if (this.#over) return;
		this.#over = true;
		for (const { replica, open } of this.#seats)
			if (open) replica?.cancel(reason);
	}

	/** Donors that could be asked and have not been. */
	get #free(): number {
		const voters = this.#options.route.providers
			.filter((provider) => this.#suits(provider, undefined))
			.map(voterOf);
		return new Set(voters).size;
	}

	#suits(provider: Provider, seat: Seat | undefined): boolean {
		const { descriptor, provider: first } = this.#options;
		const voter = voterOf(provider);
		return (
			takesCalls(provider) &&
			provider.functions.some(({ name }) => name === descriptor.name) &&
			(descriptor.deterministic !== "engine" ||
				provider.engine === first.engine) &&
			this.#seats.every(
				(other) =>
					other === seat ||
					!other.provider ||
					voterOf(other.provider) !== voter,
			)
		);
	}

	#ask(count: number): void {
		for (let left = Math.min(count, this.#free); left > 0; left -= 1)
			this.#askOne();
	}

	#askOne(): void {
		const seat: Seat = { replica: undefined, provider: undefined, open: true };
		this.#seats.push(seat);
		const replica = this.#options.replicate({
			suits: (provider) => this.#suits(provider, seat),
			headed: (provider) => {
				seat.provider = provider;
			},
		});
		seat.replica = replica;
		replica.start({
			resolve: (value) => this.#answered(seat, { value }),
			reject: (error) => {
				if (isResult(error)) this.#answered(seat, { error });
				else this.#left(seat);
			},
		});
	}

	#answered(seat: Seat, result: CallResult): void {
		const { provider, replica } = seat;
		if (this.#over || !seat.open) return;
		if (!provider || isStreamed(result)) {
			this.#left(seat);
			return;
		}
		seat.open = false;
		const { nodeId, donor } = provider;
		this.#box.cast({
			voter: voterOf(provider),
			nodeId,
			donor: donor !== undefined,
			result,
			from: replica,
		});
		this.#review();
	}

	/** Nothing will be heard from there. */
	#left(seat: Seat): void {
		if (this.#over || !seat.open) return;
		seat.open = false;
		this.#review();
	}

	#review(): void {
		const box = this.#box;
		if (box.decided) {
			this.#decide();
			return;
		}
		const open = this.#seats.filter((seat) => seat.open).length;
		const room = box.most - box.answers - open;
		this.#ask(Math.min(box.wanting - open, room));
		if (this.#seats.every((seat) => !seat.open)) this.#giveUp();
	}

	#decide(): void {
		for (const ballot of this.#box.leading) this.#tell(ballot, true);
		for (const ballot of this.#box.others) this.#tell(ballot, false);
		this.#settle();
	}

	#tell({ nodeId, donor }: Cast, valid: boolean): void {
		const { verdict, descriptor } = this.#options;
		if (donor) verdict?.({ nodeId, function: descriptor.name, valid });
	}

	/** Nobody is left to ask. */
	#giveUp(): void {
		const { asked, failed } = this.#options;
		const { answers, needed, leading } = this.#box;
		// Nobody contradicts it, so it is given for what it is.
		if (!asked && answers === 1) {
			this.#settle();
			return;
		}
		this.#over = true;
		failed(undecided({ answers, agreed: leading.length, needed }));
	}

	#settle(): void {
		const { leading, answers } = this.#box;
		// The call's own answer if it is among them: its figures are the call's.
		const chosen = leading.find(({ from }) => !from) ?? leading[0];
		if (!chosen) return;
		this.end("the others agree");
		const { result, from } = chosen;
		const agreement = { answers, agreed: leading.length };
		this.#options.settled({ result, agreement, from });
	}
}

/** Donors count by their keys, whatever their nodes are called. */
function voterOf({ donor, nodeId }: Provider): string {
	return donor ? `donor ${donor.id}` : nodeId;
}

/** A replica that gives a stream gives nothing that could be compared. */
function isStreamed(result: CallResult): boolean {
	return (
		"value" in result &&
		typeof result.value === "object" &&
		result.value !== null &&
		Symbol.asyncIterator in result.value
	);
}

function tooFew(needed: number, there: number): EasyRemoteError {
	return new EasyRemoteError(
		"UNAVAILABLE",
		`the call takes ${needed} equal answers, and ${there} that could give one ${there === 1 ? "is" : "are"} online`,
		{ hint: "ask for a smaller quorum, or try again later" },
	);
}

function undecided({
	answers,
	agreed,
	needed,
}: Agreement & { readonly needed: number }): EasyRemoteError {
	return new EasyRemoteError(
		"ABORTED",
		`of ${answers} answers ${agreed} agree, and ${needed} would have to`,
		{
			retryable: false,
			hint: "some of the donors gave wrong results, or the function is not as deterministic as it says; try again",
			details: { reason: "no_majority", answers, agreed, needed },
		},
	);
}
