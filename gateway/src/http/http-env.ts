import type { HttpBindings } from "@hono/node-server";
import type { AuthContext } from "../auth/authenticate.js";

/** What Hono's contexts carry here: Node's request and response where there is a socket, nothing in `app.request`. */
export interface HttpEnv {
	Bindings: Partial<HttpBindings>;
	Variables: {
		/** Where the request comes from, once somebody has asked. */
		asker?: AuthContext;
	};
}
