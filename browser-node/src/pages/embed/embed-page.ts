import { EasyRemoteError } from "@easyremote/shared/errors";
import { createDonor } from "../../donor/create-donor.js";
import type { Donor } from "../../donor/donor.js";
import type { EmbedMessage, EmbedState } from "../../embed/embed-message.js";
import { KeptValue } from "../../embed/kept-value.js";
import { element } from "../element.js";
import { claimBrowser } from "../lending/claim-browser.js";
import { watchMachine } from "../lending/machine-facts.js";
import {
	type MachineFacts,
	type PauseRules,
	pauseReason,
} from "../lending/pause-reason.js";
import { readTerms } from "./embed-terms.js";
import {
	showDoing,
	showProblem,
	showQuestion,
	showState,
} from "./embed-view.js";
import { isSeen } from "./is-seen.js";

/** How often figures are shown, ms. */
const SHOW_MS = 500;

const HIDDEN =
	"Something on this page covers this question, so nothing was started.";

/** A visitor of somebody's page is not asked for more than yes or no. */
const RULES: PauseRules = {
	pauseOnBattery: true,
	pauseOnMetered: true,
	pauseWhenHidden: false,
	scheduled: false,
	from: "00:00",
	to: "00:00",
};

/**
 * A yes lasts for the other pages of the site in this tab. It is kept with this frame's origin, where the site cannot write;
 * a no is kept with the site, by the element.
 */
const agreed = new KeptValue(() => sessionStorage, "easyremote:agreed");
const terms = readTerms(location.hash, navigator.hardwareConcurrency || 2);

let state: EmbedState = "asking";
let donor: Donor | undefined;
let release: (() => void) | undefined;
let facts: MachineFacts | undefined;
const running = new Map<string, string>();

async function lend(): Promise<void> {
	const started = createDonor({
		gateway: location.origin,
		key: terms.key,
		cores: terms.cores,
		dutyCycle: terms.dutyCycle,
		// Without consent to it nobody learns a visitor's address: a direct path goes through a TURN server, or there is none.
		iceTransportPolicy: terms.direct ? "all" : "relay",
	});
	donor = started;
	showProblem(undefined);
	become("connecting");
	started.addEventListener("state", ({ error }) => changed(started, error));
	started.addEventListener("call", ({ call }) => {
		if (call.outcome === "running") running.set(call.id, call.function);
		else running.delete(call.id);
	});
	release = await claimBrowser();
	obeyRules();
	await started.start();
	agreed.set("yes");
}

function changed(of: Donor, error: Error | undefined): void {
	if (of !== donor) return;
	if (of.state === "stopped") end(error);
	else {
		become(shown(of));
		showProblem(of.state === "online" ? undefined : describe(error));
	}
}

function shown({ state: now }: Donor): EmbedState {
	return now === "online" || now === "paused" ? now : "connecting";
}

/** All that goes with the donor ends. */
function end(error: Error | undefined): void {
	donor = undefined;
	release?.();
	release = undefined;
	running.clear();
	become("stopped");
	showProblem(describe(error));
}

function obeyRules(): void {
	if (!donor) return;
	if (why() === undefined) donor.resume();
	else donor.pause();
}

function why(): string | undefined {
	return facts && pauseReason(RULES, facts);
}

function describe(error: Error | undefined): string | undefined {
	if (error === undefined) return undefined;
	const hint = error instanceof EasyRemoteError ? error.hint : undefined;
	return hint === undefined ? error.message : `${error.message}. ${hint}`;
}

function become(next: EmbedState): void {
	state = next;
	showState(state, terms, why() ?? "");
	tellElement();
}

function tellElement(): void {
	const message: EmbedMessage = {
		type: "easyremote-embed",
		state,
		height: state === "declined" ? 0 : document.body.offsetHeight,
	};
	parent.postMessage(message, "*");
}

function start(): void {
	lend().catch((error: unknown) => {
		end(error instanceof Error ? error : new Error(String(error)));
	});
}

function prepare(): void {
	showQuestion(siteName(), terms);
	new ResizeObserver(tellElement).observe(document.body);
	watchMachine((found) => {
		facts = found;
		obeyRules();
	});
	setInterval(() => {
		if (donor) showDoing([...running.values()], donor.stats);
	}, SHOW_MS);
	const button = element("lend", HTMLButtonElement);
	button.addEventListener("click", () => {
		void isSeen(button).then((seen) => {
			if (seen) start();
			else showProblem(HIDDEN);
		});
	});
	element("decline", HTMLButtonElement).addEventListener("click", () =>
		become("declined"),
	);
	element("toggle", HTMLButtonElement).addEventListener("click", () => {
		if (!donor) {
			start();
			return;
		}
		agreed.set(undefined);
		void donor.stop();
	});
	if (agreed.get() === undefined) become("asking");
	else start();
}

/** Which site shows this page: the element has it told, and a site can hide its name but take no other. */
function siteName(): string {
	return URL.canParse(document.referrer)
		? new URL(document.referrer).host
		: "This page";
}

// By itself it is a page without a question to ask.
if (parent === window) location.replace("/donate");
else prepare();
