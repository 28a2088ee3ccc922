import { object, optional } from "../shapes/composed.js";
import { Mismatch } from "../shapes/mismatch.js";
import { nullable, number, string } from "../shapes/shape.js";

/** The part of an `RTCPeerConnection` that this needs. */
type CandidateSource = Pick<RTCPeerConnection, "addEventListener">;

/** Errors kept of one attempt: each server is asked from every interface, and each may fail. */
const MOST_ERRORS = 64;

const url = optional(nullable(string));
/** Where the URL of the server stands depends on the implementation, and on its age. */
const candidateEvent = object({
	url,
	candidate: optional(nullable(object({ url }))),
});
const errorEvent = object({
	url: string,
	errorCode: number,
	errorText: optional(string, ""),
});

/** What an implementation says of the STUN and TURN servers it asks. Some say nothing: node-datachannel does not. */
export class IceServerWatch {
	readonly #sources = new Set<string>();
	readonly #errors: {
		readonly url: string;
		readonly code: number;
		readonly text: string;
	}[] = [];

	constructor(source: CandidateSource) {
		source.addEventListener("icecandidate", (event) => this.#found(event));
		source.addEventListener("icecandidateerror", (event) =>
			this.#failed(event),
		);
	}

	/** Servers that gave a candidate. */
	get sources(): readonly string[] {
		return [...this.#sources];
	}

	/** What went wrong, the first of each server first. */
	get errors() {
		return this.#errors;
	}

	#found(event: unknown): void {
		const read = candidateEvent(event);
		if (read instanceof Mismatch) return;
		const source = read.url ?? read.candidate?.url;
		if (source) this.#sources.add(source);
	}

	#failed(event: unknown): void {
		const read = errorEvent(event);
		if (read instanceof Mismatch || this.#errors.length >= MOST_ERRORS) return;
		const { url, errorCode: code, errorText: text } = read;
		this.#errors.push({ url, code, text });
	}
}
