import { EasyRemoteError } from "../../errors/easyremote-error.js";
import type { FunctionDescriptor, Provider } from "../../protocol/provider.js";

/** A donor that has not given so many valid results in a row is always checked. */
const PROVEN_IN_ROW = 10;
/** However many it has given, this share of its results is checked. */
const LEAST_CHANCE = 0.05;

/**
 * How likely a donor's result is compared with another's: adaptive replication as BOINC does it (D. P. Anderson,
 * "BOINC: A Platform for Volunteer Computing", 2020).
 */
export function replicationChance(validInRow: number): number {
	if (validInRow < PROVEN_IN_ROW) return 1;
	return Math.max(1 / validInRow, LEAST_CHANCE);
}

/** A call that is about to be sent. */
export interface CheckedCall {
	/** Where to. */
	readonly provider: Provider;
	/** The function, as it is offered there. */
	readonly descriptor: FunctionDescriptor;
	/** The caller named the node. */
	readonly pinned: boolean;
	/** Arguments stream: they are there once. */
	readonly streams: boolean;
	/** Equal answers that the caller asks for; 1 leaves it to chance. */
	readonly quorum: number;
}

/**
 * How many equal answers of different donors a call takes; 1 is that of the donor alone. Throws INVALID_ARGUMENT where a
 * quorum is asked for and results cannot be compared.
 */
export function answersNeeded(call: CheckedCall, random: () => number): number {
	const { provider, descriptor, quorum } = call;
	const obstacle = whyNotComparable(call);
	if (quorum > 1) {
		if (obstacle === undefined) return quorum;
		throw new EasyRemoteError(
			"INVALID_ARGUMENT",
			`option "quorum": results of "${descriptor.name}" cannot be compared: ${obstacle}`,
			{ hint: "call it without quorum" },
		);
	}
	const { donor } = provider;
	if (!donor || donor.trusted || !descriptor.idempotent) return 1;
	if (obstacle !== undefined) return 1;
	return random() < replicationChance(donor.validInRow) ? 2 : 1;
}

function whyNotComparable({
	descriptor: { deterministic = "none", stream },
	pinned,
	streams,
}: CheckedCall): string | undefined {
	if (deterministic === "none")
		return "it does not say that it is deterministic";
	if (stream) return "it gives a stream";
	if (streams) return "an argument streams, and can be read once";
	return pinned ? "the call names one node" : undefined;
}
