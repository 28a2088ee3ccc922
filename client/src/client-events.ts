import type { EasyRemoteError } from "@easyremote/shared/errors";
import type { LinkState } from "@easyremote/shared/link";
import type { PathReport } from "@easyremote/shared/peer";
import type { Provider, RouteQuery } from "@easyremote/shared/protocol";
import type { PathInfo, PathKind } from "@easyremote/shared/session";

/** What `state` events carry. */
export interface ClientStateChange {
	/** Of the connection to the gateway. */
	readonly state: LinkState;
	/** Why it is not online, or why it closed. */
	readonly error: Error | undefined;
}

/** What `route` events carry: who provides a function has changed, or the way to a node has. */
export type ClientRouteChange =
	| {
			readonly kind: "providers";
			readonly query: RouteQuery;
			readonly providers: readonly Provider[];
			/** Why there are none. */
			readonly error: EasyRemoteError | undefined;
	  }
	| {
			readonly kind: "path";
			readonly nodeId: string;
			/** The way that new calls take; undefined while there is none. */
			readonly transport: PathKind | undefined;
			readonly path: PathInfo | undefined;
			/** Why there is no direct path, and what would help, in one line, where that is known. */
			readonly reason: string | undefined;
			/** How the direct path came to where it is; undefined once the session is over. */
			readonly report: PathReport | undefined;
	  };

/** The events of a client. */
export interface ClientEventMap {
	readonly state: CustomEvent<ClientStateChange>;
	readonly route: CustomEvent<ClientRouteChange>;
}
