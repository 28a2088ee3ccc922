import type { EmbedState } from "../../embed/embed-message.js";
import type { BrowserNodeStats } from "../../node-facts.js";
import { element, write } from "../element.js";
import { formatDuration } from "../format-figures.js";
import type { EmbedTerms } from "./embed-terms.js";

/** Asks: who wants it, what for, and how much. */
export function showQuestion(site: string, terms: EmbedTerms): void {
	write("question", `${site} asks you to lend computing power`);
	const address = terms.direct
		? "Whoever calls them may learn this device's network address."
		: "Whoever calls them does not learn this device's network address.";
	write(
		"terms",
		`While the page is open, functions published at ${location.host} may run in this browser, with ${amount(terms)}, in a sandbox without network, storage, or sight of anything of yours. ${address} You can stop it at any time.`,
	);
	element("more", HTMLAnchorElement).href = "/donate";
}

/** Shows which of the page's parts make sense, and how the donor is. */
export function showState(
	state: EmbedState,
	terms: EmbedTerms,
	pausedWhy: string,
): void {
	document.body.dataset["phase"] = state;
	element("card", HTMLElement).hidden = state === "declined";
	element("asking", HTMLElement).hidden = state !== "asking";
	element("lending", HTMLElement).hidden = state === "asking";
	const words: Record<EmbedState, string> = {
		asking: "",
		declined: "",
		connecting: `Connecting to ${location.host}`,
		online: `Lending ${amount(terms)}`,
		paused: `Paused ${pausedWhy}`,
		stopped: "Stopped: nothing runs here",
	};
	write("status", words[state]);
	element("toggle", HTMLButtonElement).textContent =
		state === "stopped" ? "Lend again" : "Stop";
}

/** Shows what runs now and what has been given, in one line. */
export function showDoing(
	running: readonly string[],
	{ callsDone, cpuSeconds }: BrowserNodeStats,
): void {
	const now = [...new Set(running)].slice(0, 2).join(", ");
	const given =
		callsDone === 0
			? "no calls yet"
			: `${callsDone} ${callsDone === 1 ? "call" : "calls"} done, ${formatDuration(cpuSeconds * 1000)} of CPU time`;
	write("doing", now === "" ? `Idle · ${given}` : `Runs ${now} · ${given}`);
}

/** Shows what went wrong, or takes it away. */
export function showProblem(text: string | undefined): void {
	const problem = element("problem", HTMLElement);
	problem.hidden = text === undefined;
	problem.textContent = text ?? "";
}

function amount({ dutyCycle, cores }: EmbedTerms): string {
	const of = cores === 1 ? "one core" : `${cores} cores`;
	return dutyCycle === 1 ? of : `${Math.round(dutyCycle * 100)} % of ${of}`;
}
