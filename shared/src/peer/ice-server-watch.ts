import * as v from "valibot";

/** The part of an `RTCPeerConnection` that this needs. */
type CandidateSource = Pick<RTCPeerConnection, "addEventListener">;

/** Errors kept of one attempt: each server is asked from every interface, and each may fail. */
const MOST_ERRORS = 64;

const url = v.nullish(v.string());
/** Where the URL of the server stands depends on the implementation, and on its age. */
const candidateEvent = v.object({
	url,
	candidate: v.nullish(v.object({ url })),
});
const errorEvent = v.object({
	url: v.string(),
	errorCode: v.number(),
	errorText: v.optional(v.string(), ""),
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
		const read = v.safeParse(candidateEvent, event);
		if (!read.success) return;
		const source = read.output.url ?? read.output.candidate?.url;
		if (source) this.#sources.add(source);
	}

	#failed(event: unknown): void {
		const read = v.safeParse(errorEvent, event);
		if (!read.success || this.#errors.length >= MOST_ERRORS) return;
		const { errorCode: code, errorText: text } = read.output;
		this.#errors.push({ url: read.output.url, code, text });
	}
}
