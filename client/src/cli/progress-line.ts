import type { CallProgress } from "@easyremote/shared/caller";

/** How far a bar goes, characters. */
const BAR_WIDTH = 20;

/** Where a transfer stood at some moment. */
export interface Sample {
	readonly atMs: number;
	readonly bytes: number;
}

/**
 * One line about how far a call is: `↑ 12.5 of 64.0 MB ━━━━────── 20 % 25.1 MB/s, 2 s left · decoded`.
 *
 * @param since an earlier moment of the same direction, for the rate
 * @param nowMs on the same clock
 */
export function progressLine(
	{ transfer, fraction, message }: CallProgress,
	since: Sample,
	nowMs: number,
): string {
	const moving = directionOf(transfer);
	const parts: string[] = [];
	if (moving) {
		const { arrow, bytes, total } = moving;
		const perMs = (bytes - since.bytes) / Math.max(nowMs - since.atMs, 1);
		parts.push(
			`${arrow} ${megabytes(bytes)} of ${megabytes(total)} MB`,
			bar(bytes / total),
			...(perMs > 0
				? [
						`${(perMs / 1000).toFixed(1)} MB/s, ${timeLeft((total - bytes) / perMs)} left`,
					]
				: []),
		);
	}
	const said = [
		fraction === undefined ? undefined : percent(fraction),
		message,
	].filter((part) => part !== undefined);
	if (said.length > 0) parts.push(`· ${said.join(" ")}`);
	return parts.join(" ");
}

/** Bytes moved in the direction that is still moving. */
export function movedBytes({ transfer }: CallProgress): number {
	return directionOf(transfer)?.bytes ?? 0;
}

/** What is still going up is told first; answers come when it is there. */
function directionOf(transfer: CallProgress["transfer"]) {
	const { sent, sendTotal, received, receiveTotal } = transfer;
	if (receiveTotal > 0 && received > 0)
		return { arrow: "↓", bytes: received, total: receiveTotal };
	if (sendTotal > 0) return { arrow: "↑", bytes: sent, total: sendTotal };
	return undefined;
}

function bar(share: number): string {
	const done = Math.round(Math.min(share, 1) * BAR_WIDTH);
	return `${"━".repeat(done)}${"─".repeat(BAR_WIDTH - done)} ${percent(share)}`;
}

function percent(share: number): string {
	return `${Math.floor(Math.min(Math.max(share, 0), 1) * 100)} %`;
}

function megabytes(bytes: number): string {
	return (bytes / 1e6).toFixed(1);
}

function timeLeft(ms: number): string {
	const seconds = Math.ceil(ms / 1000);
	return seconds < 60
		? `${seconds} s`
		: `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
}
