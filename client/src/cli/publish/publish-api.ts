import { EasyRemoteError, isErrorCode } from "@easyremote/shared/errors";
import type { BundleManifest } from "@easyremote/shared/protocol";
import * as v from "valibot";
import { httpDoor } from "../../gateway-url.js";

/** Bytes that are sent at once, so that there is progress to tell. */
const PIECE_BYTES = 64 * 1024;

const publishedBundle = v.object({
	name: v.string(),
	version: v.string(),
	sha256: v.string(),
	bytes: v.number(),
	description: v.optional(v.string()),
	publisher: v.string(),
	publishedAt: v.string(),
	isolation: v.string(),
	newest: v.boolean(),
	functions: v.array(v.looseObject({ name: v.string() })),
});
const bundleList = v.object({ bundles: v.array(publishedBundle) });
const problem = v.object({
	code: v.optional(v.string()),
	detail: v.optional(v.string()),
	hint: v.optional(v.string()),
});

/** A bundle as the gateway lists it. */
export type PublishedBundle = v.InferOutput<typeof publishedBundle>;

export interface PublishApiOptions {
	readonly gateway: string;
	readonly key: string | undefined;
	readonly signal: AbortSignal;
}

/** The gateway's HTTP side, as far as bundles go. Every method rejects with the gateway's refusal, or UNAVAILABLE. */
export class PublishApi {
	readonly #options: PublishApiOptions;
	#reached = false;

	constructor(options: PublishApiOptions) {
		this.#options = options;
	}

	/** Where the gateway is, without a slash at the end. */
	get url(): string {
		return httpDoor(this.#options.gateway);
	}

	/** Whether the gateway has ever answered. */
	get reached(): boolean {
		return this.#reached;
	}

	/**
	 * Publishes; `created` is false where the gateway had the same already.
	 *
	 * @param sent hears how many bytes are on their way, of how many
	 */
	async publish(
		manifest: BundleManifest,
		code: string,
		sent?: (bytes: number, total: number) => void,
	): Promise<{ readonly created: boolean }> {
		const { name, version } = manifest;
		const body = new TextEncoder().encode(JSON.stringify({ manifest, code }));
		const response = await this.#request("PUT", place(name, version), {
			headers: {
				"content-type": "application/json",
				"content-length": String(body.length),
			},
			body: inPieces(body, (bytes) => sent?.(bytes, body.length)),
			duplex: "half",
		});
		await response.body?.cancel();
		return { created: response.status === 201 };
	}

	/** Those that may be seen here. */
	async list(): Promise<readonly PublishedBundle[]> {
		const response = await this.#request("GET", "/api/bundles");
		const found = v.safeParse(bundleList, await response.json());
		if (found.success) return found.output.bundles;
		throw new EasyRemoteError(
			"UNIMPLEMENTED",
			`${this.url} answers with no list of bundles`,
			{ hint: "it may be an older gateway" },
		);
	}

	/** Takes a version back; all of them without one. */
	async unpublish(name: string, version: string | undefined): Promise<void> {
		await this.#request("DELETE", place(name, version));
	}

	async #request(
		method: string,
		path: string,
		init: RequestInit & { readonly duplex?: "half" } = {},
	): Promise<Response> {
		const { key, signal } = this.#options;
		const headers = new Headers(init.headers);
		if (key !== undefined) headers.set("authorization", `Bearer ${key}`);
		let response: Response;
		try {
			const url = `${this.url}${path}`;
			response = await fetch(url, { ...init, method, headers, signal });
		} catch (cause) {
			signal.throwIfAborted();
			throw unreachable(this.url, cause);
		}
		this.#reached = true;
		if (response.ok) return response;
		throw refusal(response, await response.text());
	}
}

function place(name: string, version: string | undefined): string {
	const parts = version === undefined ? [name] : [name, version];
	return `/api/bundles/${parts.map(encodeURIComponent).join("/")}`;
}

function inPieces(
	body: Uint8Array,
	sent: (bytes: number) => void,
): ReadableStream<Uint8Array> {
	let at = 0;
	return new ReadableStream({
		pull(controller) {
			if (at >= body.length) {
				controller.close();
				return;
			}
			controller.enqueue(body.slice(at, at + PIECE_BYTES));
			at = Math.min(at + PIECE_BYTES, body.length);
			sent(at);
		},
	});
}

function unreachable(url: string, cause: unknown): EasyRemoteError {
	// fetch says "fetch failed", and why in its cause.
	const inner = cause instanceof Error ? (cause.cause ?? cause) : cause;
	const why = inner instanceof Error ? inner.message : String(inner);
	return new EasyRemoteError(
		"UNAVAILABLE",
		`the gateway at ${url} is not reached: ${why}`,
		{ hint: "start one with easyremote-gateway, or give --gateway URL", cause },
	);
}

function refusal(response: Response, text: string): EasyRemoteError {
	const said = v.safeParse(problem, parsed(text));
	const { code, detail, hint } = said.success ? said.output : {};
	return new EasyRemoteError(
		code !== undefined && isErrorCode(code) ? code : "INTERNAL",
		detail ?? `the gateway answered ${response.status}`,
		{ hint },
	);
}

function parsed(text: string): unknown {
	try {
		return JSON.parse(text) as unknown;
	} catch {
		// No problem document, which is then all there is to say.
		return undefined;
	}
}
