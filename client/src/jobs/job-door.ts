import type { TaskScope } from "@easyremote/shared/async";
import type { CallRequest } from "@easyremote/shared/caller";
import { readTimeout, spawnPayload } from "@easyremote/shared/caller";
import { packValue, VALUE_MEDIA_TYPE } from "@easyremote/shared/codec";
import { EasyRemoteError, toEasyRemoteError } from "@easyremote/shared/errors";
import { PROTOCOL } from "@easyremote/shared/protocol";
import { type Clock, pause } from "@easyremote/shared/time";
import { randomId } from "../random-id.js";
import { errorOf, unreachable } from "./response-error.js";

/** The first pause before a request that did not get through is repeated is up to this, ms; it doubles … */
const FIRST_PAUSE_MS = 100;
/** … up to this. */
const LONGEST_PAUSE_MS = 2_000;
/** How long the gateway is asked to hold a request back until there is something to tell, s. */
const WAIT_S = 30;

export interface JobDoorOptions {
	/** The gateway's HTTP side, without a slash at the end. */
	readonly url: string;
	readonly credential: string | undefined;
	/** Whether requests that did not get through are repeated. */
	readonly patient: boolean;
	readonly fetch: typeof fetch;
	readonly clock: Clock;
	/** A number in [0, 1), not for secrets. */
	readonly random: () => number;
	/** Aborts when the client is closed. */
	readonly tasks: TaskScope;
}

/** What a request needs besides its path. */
interface RequestDetails {
	readonly method?: "GET" | "POST" | "DELETE";
	readonly headers?: Readonly<Record<string, string>>;
	readonly body?: Uint8Array<ArrayBuffer>;
	readonly signal?: AbortSignal | undefined;
}

/** An answer that came whole. */
export interface DoorAnswer {
	readonly status: number;
	/** Names the state that it tells of. */
	readonly etag: string | undefined;
	readonly body: Uint8Array<ArrayBuffer>;
}

/** The gateway's door for jobs, over HTTP: what is stored there needs no connection of its own. */
export class JobDoor {
	readonly #options: JobDoorOptions;

	constructor(options: JobDoorOptions) {
		this.#options = options;
	}

	/**
	 * Starts a job. It has an idempotency key, given or drawn, so that a request whose answer was lost is repeated without
	 * starting another one. Rejects as the gateway refuses it, with INVALID_ARGUMENT or UNAVAILABLE.
	 */
	async spawn({ target, input, options }: CallRequest): Promise<unknown> {
		if (target.tags && target.tags.length > 0) {
			throw new EasyRemoteError(
				"INVALID_ARGUMENT",
				"a job is started at a node, or at any that offers the function; not by tags",
				{ hint: "Name the node: client.node(id)." },
			);
		}
		const { node, function: name } = target;
		const path = node === undefined ? name : `${node}.${name}`;
		const {
			idempotencyKey = randomId(),
			timeout,
			cache,
			traceparent,
		} = options ?? {};
		const body = packValue(spawnPayload(input, options));
		const response = await this.request(path, {
			method: "POST",
			headers: {
				"content-type": VALUE_MEDIA_TYPE,
				prefer: "respond-async",
				"idempotency-key": idempotencyKey,
				...(timeout === undefined
					? {}
					: { "x-easyremote-timeout": milliseconds(timeout) }),
				...(cache === false ? { "cache-control": "no-cache" } : {}),
				...(traceparent === undefined ? {} : { traceparent }),
			},
			body: new Uint8Array(body),
			signal: options?.signal,
		});
		return jsonOf(response);
	}

	/** As `request`, held back by the gateway until there is something to tell. */
	wait(path: string, details: RequestDetails): Promise<DoorAnswer> {
		const prefer = `wait=${WAIT_S}`;
		return this.request(path, {
			...details,
			headers: { prefer, ...details.headers },
		});
	}

	/**
	 * An answer that is no failure, to a request below `/api/` that may be repeated. While the gateway is away it is, for as long
	 * as calls wait for a gateway that restarts. Rejects with what the gateway says, UNAVAILABLE, or the signal's reason.
	 */
	request(path: string, details: RequestDetails = {}): Promise<DoorAnswer> {
		return this.#options.tasks.run((closed) => {
			const signal = details.signal
				? AbortSignal.any([closed, details.signal])
				: closed;
			return this.#persist(path, { ...details, signal });
		});
	}

	async #persist(
		path: string,
		details: RequestDetails & { readonly signal: AbortSignal },
	): Promise<DoorAnswer> {
		const { signal } = details;
		const { clock, patient } = this.#options;
		const startedAt = clock.monotonic();
		for (let attempt = 0; ; attempt += 1) {
			signal.throwIfAborted();
			try {
				return await this.#send(path, details);
			} catch (failure) {
				signal.throwIfAborted();
				const error = toEasyRemoteError(failure);
				const waitedMs = clock.monotonic() - startedAt;
				const again =
					patient &&
					error.code === "UNAVAILABLE" &&
					error.details?.["reason"] !== "job_not_finished" &&
					waitedMs < PROTOCOL.restartReattachTimeoutMs;
				if (!again) throw error;
				await this.#pause(attempt, error.retryAfterMs ?? 0, signal);
			}
		}
	}

	async #send(
		path: string,
		{ method = "GET", headers, body, signal }: RequestDetails,
	): Promise<DoorAnswer> {
		const { url, credential, fetch: send } = this.#options;
		let answer: DoorAnswer;
		try {
			const response = await send(`${url}/api/${path}`, {
				method,
				headers: {
					...headers,
					...(credential === undefined
						? {}
						: { authorization: `Bearer ${credential}` }),
				},
				...(body ? { body } : {}),
				...(signal ? { signal } : {}),
				// The gateway says what may be kept; what a browser kept of a job would be old.
				cache: "no-store",
			});
			answer = {
				status: response.status,
				etag: response.headers.get("etag") ?? undefined,
				body: new Uint8Array(await response.arrayBuffer()),
			};
		} catch (error) {
			throw unreachable(error);
		}
		if (answer.status < 300 || answer.status === 304) return answer;
		throw errorOf(answer);
	}

	#pause(attempt: number, leastMs: number, signal: AbortSignal): Promise<void> {
		const { clock, random } = this.#options;
		const ceiling = Math.min(FIRST_PAUSE_MS * 2 ** attempt, LONGEST_PAUSE_MS);
		return pause(clock, leastMs + random() * ceiling, signal);
	}
}

/** The JSON of an answer. Throws INTERNAL if it is none. */
export function jsonOf({ body }: DoorAnswer): unknown {
	try {
		return JSON.parse(new TextDecoder().decode(body));
	} catch (cause) {
		throw new EasyRemoteError("INTERNAL", "the gateway's answer is no JSON", {
			cause,
		});
	}
}

function milliseconds(timeout: number | string): string {
	const ms = readTimeout(timeout);
	if (Number.isFinite(ms)) return String(Math.ceil(ms));
	throw new EasyRemoteError(
		"INVALID_ARGUMENT",
		'option "timeout" of a job must end',
		{
			hint: "Leave it out for the gateway's own, or write how long, such as 12h.",
		},
	);
}
