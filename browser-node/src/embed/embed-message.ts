/**
 * `asking`: nothing runs yet. `declined`: the visitor wants none of it. `connecting`, `online`, `paused`: it lends.
 * `stopped`: it did.
 */
export type EmbedState =
	| "asking"
	| "declined"
	| "connecting"
	| "online"
	| "paused"
	| "stopped";

/** What the frame tells the element around it. It is told to whatever page that is on, so nothing in it is secret. */
export interface EmbedMessage {
	readonly type: "easyremote-embed";
	readonly state: EmbedState;
	/** Room that the frame's page wants, CSS pixels. */
	readonly height: number;
}

/** Whether that is one. */
export function isEmbedMessage(data: unknown): data is EmbedMessage {
	return (
		typeof data === "object" &&
		data !== null &&
		"type" in data &&
		data.type === "easyremote-embed"
	);
}
