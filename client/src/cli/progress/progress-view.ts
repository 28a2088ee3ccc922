import type {
	FunctionProgress,
	TransferProgress,
} from "@easyremote/shared/caller";

/** What there is to show of a call under way. */
export interface ProgressView {
	readonly doing: "sending" | "receiving" | "running";
	/** 0–1, where it is known. */
	readonly fraction?: number | undefined;
	/** Bytes moved in the direction that is at work. */
	readonly bytes?: {
		readonly moved: number;
		readonly total?: number | undefined;
	};
	/** What the function says of itself. */
	readonly said?: string | undefined;
}

/** Less than this is an acceptance or a progress, and no payload; bytes. */
const LEAST_BYTES = 64 * 1024;

/** Chooses what matters now: bytes while they move, else the function. */
export function viewOf(
	transfer: TransferProgress | undefined,
	progress: FunctionProgress | undefined,
): ProgressView {
	const { sent = 0, sendTotal, received = 0, receiveTotal } = transfer ?? {};
	const receiving =
		received >= LEAST_BYTES &&
		(receiveTotal === undefined || received < receiveTotal);
	if (receiving || receiveTotal !== undefined)
		return moving("receiving", received, receiveTotal, progress);
	const sending = sendTotal === undefined || sent < sendTotal;
	if (transfer && sending) return moving("sending", sent, sendTotal, progress);
	return {
		doing: "running",
		fraction: progress?.fraction,
		said: progress?.message,
	};
}

function moving(
	doing: "sending" | "receiving",
	moved: number,
	total: number | undefined,
	progress: FunctionProgress | undefined,
): ProgressView {
	const { fraction, message } = progress ?? {};
	const percent =
		fraction === undefined ? undefined : `${Math.round(fraction * 100)} %`;
	return {
		doing,
		fraction: total === undefined ? undefined : moved / total,
		bytes: { moved, total },
		said: [percent, message].filter((part) => part !== undefined).join(" "),
	};
}
