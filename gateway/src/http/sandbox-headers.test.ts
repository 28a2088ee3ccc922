import { createHash } from "node:crypto";
import { expect, it } from "vitest";
import { sandboxHeaders } from "./sandbox-headers.js";

const SCRIPT = "\nconsole.log('$& ü')\n";
const page = new TextEncoder().encode(
	`<!doctype html><title>x</title>\n<script>${SCRIPT}</script>\n`,
);

it("lets exactly the page's own script run, and nothing talk to anybody", () => {
	const headers = sandboxHeaders(page, ["https://app.example.com"]);
	const hash = createHash("sha256").update(SCRIPT).digest("base64");
	expect(headers["content-security-policy"]).toBe(
		[
			"default-src 'none'",
			`script-src 'sha256-${hash}' 'wasm-unsafe-eval' blob:`,
			"worker-src data:",
			"base-uri 'none'",
			"form-action 'none'",
			"frame-ancestors 'self' https://app.example.com",
			"sandbox allow-scripts",
		].join("; "),
	);
	for (const feature of ["camera", "geolocation", "usb", "clipboard-read"])
		expect(headers["permissions-policy"]).toContain(`${feature}=()`);
});
