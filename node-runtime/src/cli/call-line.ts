import type { CallReport } from "@easyremote/shared/host";

/** Paints text in the terminal's colours, or leaves it as it is. */
export interface Paint {
	good(text: string): string;
	bad(text: string): string;
	faint(text: string): string;
}

const painted = (code: number) => (text: string) =>
	`\u001B[${code}m${text}\u001B[0m`;
const unpainted = (text: string): string => text;

/** Colours on a terminal, unless NO_COLOR (no-color.org) is set to anything but nothing. */
export function paintFor(
	isTerminal: boolean,
	noColor: string | undefined,
): Paint {
	return isTerminal && !noColor
		? { good: painted(32), bad: painted(31), faint: painted(2) }
		: { good: unpainted, bad: unpainted, faint: unpainted };
}

/**
 * One line for a call that is over, at `at`:
 * `12:04:31.250 → resize direct 3.0 ms ✓ 41 ms call_8f3`: function, path, wait, outcome, run time, id.
 */
export function callLine(call: CallReport, at: Date, paint: Paint): string {
	const outcome = call.error
		? paint.bad(`✗ ${call.error.code}`)
		: paint.good(call.cache === "hit" ? "✓ cached" : "✓");
	return [
		paint.faint(timeOfDay(at)),
		"→",
		call.functionName,
		call.transport ?? "no path",
		`${milliseconds(call.queuedMs)} ms`,
		outcome,
		`${milliseconds(call.runMs)} ms`,
		paint.faint(call.callId),
		...(call.error ? [paint.faint(oneLine(call.error.message))] : []),
	].join(" ");
}

/** The same for programs: one line of JSON. */
export function callJson(call: CallReport, at: Date): string {
	return JSON.stringify({
		event: "call",
		time: at.toISOString(),
		id: call.callId,
		function: call.functionName,
		caller: call.caller.subject,
		transport: call.transport,
		queuedMs: call.queuedMs,
		runMs: call.runMs,
		bytesReceived: call.bytesReceived,
		bytesSent: call.bytesSent,
		cache: call.cache,
		...(call.error
			? { code: call.error.code, message: call.error.message }
			: {}),
	});
}

/** Local time, as a person beside the terminal reads it. */
function timeOfDay(at: Date): string {
	const two = (value: number) => String(value).padStart(2, "0");
	const ms = String(at.getMilliseconds()).padStart(3, "0");
	return `${two(at.getHours())}:${two(at.getMinutes())}:${two(at.getSeconds())}.${ms}`;
}

function milliseconds(ms: number): string {
	return ms < 9.95 && ms > 0.05 ? ms.toFixed(1) : String(Math.round(ms));
}

/** Messages of callers' errors are strangers' text: no line breaks, nothing that steers the terminal. */
function oneLine(text: string): string {
	return text.replace(/[\p{Cc}\s]+/gu, " ").slice(0, 200);
}
