import type { HttpBindings } from "@hono/node-server";

/** What Hono's contexts carry here: Node's request and response where there is a socket, nothing in `app.request`. */
export interface HttpEnv {
	Bindings: Partial<HttpBindings>;
}
