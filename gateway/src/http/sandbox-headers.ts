import { createHash } from "node:crypto";

/** All that a page can be refused by Permissions-Policy, as Chromium knows it; unknown names are ignored. */
const FEATURES = [
	"accelerometer",
	"ambient-light-sensor",
	"attribution-reporting",
	"autoplay",
	"bluetooth",
	"browsing-topics",
	"camera",
	"clipboard-read",
	"clipboard-write",
	"compute-pressure",
	"cross-origin-isolated",
	"display-capture",
	"encrypted-media",
	"fullscreen",
	"gamepad",
	"geolocation",
	"gyroscope",
	"hid",
	"identity-credentials-get",
	"idle-detection",
	"join-ad-interest-group",
	"keyboard-map",
	"local-fonts",
	"local-network-access",
	"magnetometer",
	"microphone",
	"midi",
	"otp-credentials",
	"payment",
	"picture-in-picture",
	"private-aggregation",
	"publickey-credentials-create",
	"publickey-credentials-get",
	"run-ad-auction",
	"screen-wake-lock",
	"serial",
	"shared-storage",
	"speaker-selection",
	"storage-access",
	"unload",
	"usb",
	"web-share",
	"window-management",
	"xr-spatial-tracking",
];

/**
 * Headers of the page in which tabs run published code: no origin, no network, no script but its own inline one and,
 * in Workers, modules from blobs. Workers made of `data:` URLs inherit the policy. Headers, because a policy in the markup
 * covers less.
 *
 * @param page the markup, with one inline script
 * @param origins of other pages that may hold it in a frame, besides the gateway's own
 */
export function sandboxHeaders(
	page: Uint8Array,
	origins: readonly string[],
): Record<string, string> {
	const policy = [
		"default-src 'none'",
		`script-src '${hashOfScript(page)}' 'wasm-unsafe-eval' blob:`,
		"worker-src data:",
		"base-uri 'none'",
		"form-action 'none'",
		`frame-ancestors ${["'self'", ...origins].join(" ")}`,
		"sandbox allow-scripts",
	];
	return {
		"content-security-policy": policy.join("; "),
		"permissions-policy": FEATURES.map((name) => `${name}=()`).join(", "),
		"referrer-policy": "no-referrer",
		"x-dns-prefetch-control": "off",
	};
}

/** As CSP wants it: of the text between the tags, to the last space. */
function hashOfScript(page: Uint8Array): string {
	const [, script = ""] =
		/<script>([^]*?)<\/script>/.exec(new TextDecoder().decode(page)) ?? [];
	return `sha256-${createHash("sha256").update(script).digest("base64")}`;
}
