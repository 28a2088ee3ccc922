import { platform } from "#platform";
import { deferred } from "@easyremote/shared/async";
import { toEasyRemoteError } from "@easyremote/shared/errors";
import { gatewayLink } from "@easyremote/shared/link";
import {
	type ControlPayload,
	PROTOCOL_VERSION,
} from "@easyremote/shared/protocol";
import { systemClock } from "@easyremote/shared/time";
import { randomId } from "../../random-id.js";
import { failedBy, type Finding, rounded, shownMs } from "./finding.js";

/** What the gateway says to those it lets in. */
type Welcome = ControlPayload<"welcome">;

/** Goes in by the door for clients, and leaves. `welcome` is missing where it was not let in. */
export async function checkCredentials(
	door: string,
	credential: string | undefined,
	signal: AbortSignal,
): Promise<{ readonly finding: Finding; readonly welcome?: Welcome }> {
	const begunAt = performance.now();
	const link = gatewayLink({
		url: door,
		openSocket: (url, abort) => platform.openSocket(url, abort),
		hello: () => ({
			version: PROTOCOL_VERSION,
			role: "client",
			agent: platform.agent,
			instance: randomId(),
			credential,
		}),
		clock: systemClock,
		random: Math.random,
	});
	const failed = deferred<never>();
	const stop = link.listen({
		state: (_state, error) => {
			if (error) failed.reject(error);
		},
	});
	try {
		const welcome = await Promise.race([
			link.whenOnline(signal),
			failed.promise,
		]);
		const ms = performance.now() - begunAt;
		return { finding: letIn(welcome, ms), welcome };
	} catch (error) {
		signal.throwIfAborted();
		return { finding: notLetIn(error, credential) };
	} finally {
		stop();
		await link.close();
	}
}

function letIn({ principal }: Welcome, ms: number): Finding {
	const { subject, anonymous, grants } = principal;
	const who = anonymous ? "without a key" : `as "${subject}"`;
	const may = grants.length === 0 ? "no grants" : grants.join(", ");
	return {
		check: "credentials",
		status: "ok",
		detail: `let in ${who} (${may.slice(0, 120)}), ${shownMs(ms)}`,
		data: { subject, anonymous, grants, ms: rounded(ms) },
	};
}

function notLetIn(reason: unknown, credential: string | undefined): Finding {
	const error = toEasyRemoteError(reason);
	const finding = failedBy("credentials", error);
	if (error.code === "UNAVAILABLE")
		return {
			...finding,
			fix: "check that a proxy before the gateway passes WebSocket connections on",
		};
	const denied = error.code === "UNAUTHENTICATED" && credential === undefined;
	return denied
		? { ...finding, fix: "pass a key: --key, or EASYREMOTE_KEY" }
		: finding;
}
