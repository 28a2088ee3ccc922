import { EasyRemoteError } from "@easyremote/shared/errors";

/** When whoever finds no room is asked to try again, ms. */
const RETRY_MS = 1_000;

/** Memory that many share: what one has taken, the others cannot have until it is given back. */
export class ByteBudget {
	readonly #limit: number;
	#taken = 0;

	/** @param limit bytes in all */
	constructor(limit: number) {
		this.#limit = limit;
	}

	/** Bytes taken and not given back. */
	get taken(): number {
		return this.#taken;
	}

	/** A part of the budget for one that needs memory bit by bit. */
	open(): ByteShare {
		let taken = 0;
		return {
			take: (bytes) => {
				if (this.#taken + bytes > this.#limit) throw noRoom();
				this.#taken += bytes;
				taken += bytes;
			},
			giveBack: () => {
				this.#taken -= taken;
				taken = 0;
			},
		};
	}
}

/** One user's part of a `ByteBudget`. */
export interface ByteShare {
	/** Takes so many bytes more. Throws RESOURCE_EXHAUSTED with `retryAfterMs` if they are not there. */
	take(bytes: number): void;
	/** Gives back all that was taken. Doing it twice does nothing. */
	giveBack(): void;
}

function noRoom(): EasyRemoteError {
	return new EasyRemoteError(
		"RESOURCE_EXHAUSTED",
		"the gateway holds as much of other requests' bodies as it may",
		{
			hint: "Try again later, or raise limits.maxBodyBytesInAll.",
			retryAfterMs: RETRY_MS,
		},
	);
}
