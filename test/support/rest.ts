/** What `POST /api/{ref}` answered. */
export interface RestAnswer {
	readonly status: number;
	readonly headers: Headers;
	readonly text: string;
	/** The body as JSON; undefined if it is none. */
	readonly json: Record<string, unknown> | undefined;
}

/** Sends JSON to a gateway's REST door. */
export function postJson(
	gateway: string,
	ref: string,
	body: unknown,
	headers: Record<string, string> = {},
): Promise<RestAnswer> {
	return post(gateway, ref, JSON.stringify(body), {
		"content-type": "application/json",
		...headers,
	});
}

/** Sends any body to a gateway's REST door. */
export async function post(
	gateway: string,
	ref: string,
	body: string | Uint8Array<ArrayBuffer>,
	headers: Record<string, string> = {},
): Promise<RestAnswer> {
	const response = await fetch(`${gateway}/api/${ref}`, {
		method: "POST",
		headers,
		body,
	});
	const text = await response.text();
	return {
		status: response.status,
		headers: response.headers,
		text,
		json: parse(text),
	};
}

function parse(text: string): Record<string, unknown> | undefined {
	try {
		return JSON.parse(text) as Record<string, unknown>;
	} catch {
		return undefined;
	}
}
