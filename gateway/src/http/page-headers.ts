/**
 * Headers of every page. Names and descriptions come from strangers: should one ever get into the markup, the page
 * still runs no script but its own files, talks to nobody but this gateway, and is shown in no other site's frame.
 * `worker-src blob:` and `frame-src` are for the pages that run functions (the recipe's step 1 for sandboxes).
 *
 * @param ancestors origins of pages that may show it in a frame: nobody's, unless said
 */
export function pageHeaders(
	host: string,
	ancestors: readonly string[] = [],
): Record<string, string> {
	// CSP's 'self' covers ws: only in newer browsers. A Host header that is no plain host is not repeated here.
	const sockets = /^[A-Za-z0-9.:[\]-]+$/.test(host)
		? ` ws://${host} wss://${host}`
		: "";
	const policy = [
		"default-src 'self'",
		"script-src 'self' 'wasm-unsafe-eval'",
		"style-src 'self'",
		"img-src 'self' data: blob:",
		`connect-src 'self'${sockets}`,
		"worker-src 'self' blob:",
		"frame-src 'self'",
		"object-src 'none'",
		"base-uri 'none'",
		"form-action 'none'",
		`frame-ancestors ${ancestors.join(" ") || "'none'"}`,
	];
	return {
		"content-security-policy": policy.join("; "),
		"referrer-policy": "no-referrer",
		"cross-origin-opener-policy": "same-origin",
	};
}
