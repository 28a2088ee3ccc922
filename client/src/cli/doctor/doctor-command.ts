import type { Client } from "../../client.js";
import type { ClientSettings } from "../../client-options.js";
import { EXIT } from "../exit-codes.js";
import type { Output } from "../output.js";
import { checkCredentials } from "./credentials-check.js";
import type { Finding } from "./finding.js";
import { findingLines } from "./finding-lines.js";
import { checkGateway } from "./gateway-check.js";
import { chooseNode } from "./node-check.js";
import { checkDirect, checkRelay } from "./path-check.js";
import { checkStun } from "./stun-check.js";
import { checkTurn } from "./turn-check.js";

/** What `doctor` works with. */
export interface DoctorOptions {
	readonly client: Client;
	readonly settings: Pick<ClientSettings, "door" | "credential">;
	/** The node to open paths to; any, unless given. */
	readonly node: string | undefined;
	readonly signal: AbortSignal;
	readonly output: Output;
	/** Whether a person looks at the output, and likes colours. */
	readonly colourful: boolean;
}

/** `doctor`: checks everything a call needs, tells each finding as it is known, and answers the exit code. */
export async function doctor(options: DoctorOptions): Promise<number> {
	const { output, colourful } = options;
	let code: number = EXIT.ok;
	for await (const finding of examine(options)) {
		const { check, status, detail, fix, code: errorCode, data } = finding;
		if (output.json)
			await output.value({
				check,
				status,
				detail,
				fix,
				code: errorCode,
				...data,
			});
		else await output.text(findingLines(finding, colourful));
		if (status === "failed") code = graver(code, exitCodeOf(finding));
	}
	return code;
}

/** Every check, in an order in which each may rely on those before it. */
async function* examine({
	client,
	settings,
	node: asked,
	signal,
}: DoctorOptions): AsyncGenerator<Finding> {
	const { door, credential } = settings;
	const [gateway, ...clock] = await checkGateway(healthUrl(door), signal);
	yield gateway;
	if (gateway.status === "failed") return;
	yield* clock;
	const { finding, welcome } = await checkCredentials(door, credential, signal);
	yield finding;
	if (!welcome) return;
	yield* checkStun(welcome.iceServers, signal);
	yield* checkTurn(welcome.iceServers, signal);
	const chosen = await chooseNode(client, asked);
	yield chosen.finding;
	if (!chosen.node) return;
	const path = { client, node: chosen.node.id, signal };
	yield await checkRelay(path);
	if (chosen.node.direct) yield await checkDirect(path);
	else
		yield {
			check: "direct",
			status: "skipped",
			detail: `node "${path.node}" does not accept direct connections`,
			fix: "createNode({ direct: true }) accepts them",
		};
}

/** The health page of the gateway whose door for clients this is. */
function healthUrl(door: string): string {
	return door.replace(/^ws/, "http").replace(/\/clients$/, "/healthz");
}

function exitCodeOf({ check, code }: Finding): number {
	if (code === "UNAUTHENTICATED" || code === "PERMISSION_DENIED")
		return EXIT.denied;
	const atTheDoor = check === "gateway" || check === "credentials";
	return atTheDoor && code === "UNAVAILABLE" ? EXIT.unreachable : EXIT.failure;
}

/** What keeps everybody out says more than what fails for one path. */
function graver(one: number, other: number): number {
	return Math.max(one, other);
}
