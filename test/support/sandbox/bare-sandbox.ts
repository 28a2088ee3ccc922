import { createHash } from "node:crypto";
import type { Gateway } from "@easyremote/gateway";
import { BARE_BOOT } from "./bare-boot.js";

/** Where {@link addBareSandbox} puts it. */
export const BARE_SANDBOX = "/test/bare-sandbox.html";

/** Adds the sandbox's page as the gateway serves it, but for the boot code, which takes nothing from the Worker. */
export function addBareSandbox(gateway: Gateway): void {
	gateway.app.get(BARE_SANDBOX, async (context) => {
		const real = await fetch(`${gateway.url}/sandbox.html`);
		const page = (await real.text()).replace(
			/data:text\/javascript;charset=utf-8;base64,[A-Za-z0-9+/=]+/,
			`data:text/javascript;base64,${Buffer.from(BARE_BOOT).toString("base64")}`,
		);
		const [, script = ""] = /<script>([^]*?)<\/script>/.exec(page) ?? [];
		const hash = createHash("sha256").update(script).digest("base64");
		const policy = real.headers
			.get("content-security-policy")
			?.replace(/'sha256-[^']*'/, `'sha256-${hash}'`);
		return context.html(page, 200, {
			"content-security-policy": policy ?? "default-src 'none'",
			"permissions-policy": real.headers.get("permissions-policy") ?? "",
		});
	});
}
