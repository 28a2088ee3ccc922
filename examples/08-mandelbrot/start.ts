import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { publish } from "@easyremote/client/publish";
import { createGateway } from "@easyremote/gateway";

const gateway = createGateway({ port: Number(process.env.PORT ?? 8080) });
const page = await readFile(new URL("./index.html", import.meta.url), "utf8");
const policy = [
	"default-src 'none'",
	`script-src 'self' ${hashOf("script")}`,
	`style-src ${hashOf("style")}`,
	"img-src data:",
	"connect-src 'self' ws: wss:",
	"base-uri 'none'",
	"form-action 'none'",
	"frame-ancestors 'none'",
].join("; ");
gateway.app.get("/mandelbrot", (context) =>
	context.html(page, 200, { "content-security-policy": policy }),
);
await gateway.listen();

await publish({
	file: new URL("./functions.ts", import.meta.url),
	name: "mandelbrot",
	gateway: gateway.url,
});
console.log(`Open ${gateway.url}/mandelbrot to watch`);
console.log(
	`and ${gateway.url}/donate to lend a tab, in as many browsers as you like`,
);

process.once("SIGINT", () => {
	void gateway.close().then(() => process.exit(0));
});

/** What allows the page's own script or style, and nothing else. */
function hashOf(tag: "script" | "style"): string {
	const [, text = ""] =
		new RegExp(`<${tag}[^>]*>([^]*?)</${tag}>`).exec(page) ?? [];
	return `'sha256-${createHash("sha256").update(text).digest("base64")}'`;
}
