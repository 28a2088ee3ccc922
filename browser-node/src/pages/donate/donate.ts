import { createDonor } from "../../donor/create-donor.js";
import type { Donor } from "../../donor/donor.js";
import { keepRecord, keptRecord } from "../../kept-record.js";
import { element, write } from "../element.js";
import { claimBrowser } from "../lending/claim-browser.js";
import { watchMachine } from "../lending/machine-facts.js";
import { type MachineFacts, pauseReason } from "../lending/pause-reason.js";
import { ActivityChart } from "./activity-chart.js";
import { type CallEntry, updateCallLog } from "./call-log.js";
import { fetchCredit } from "./credit.js";
import {
	showBundles,
	showCalls,
	showCredit,
	showPauseButton,
	showProblem,
	showState,
	showStats,
} from "./donate-view.js";
import { qrCode } from "./qr-code.js";
import { ScreenWake } from "./screen-wake.js";
import { type DonateSettings, readSettings } from "./settings.js";
import { SettingsForm } from "./settings-form.js";

const STORAGE_KEY = "easyremote:donate-settings";
/** How often figures are shown, and credit is asked for, ms. */
const SHOW_MS = 250;
const CHART_MS = 1_000;
const CREDIT_MS = 30_000;

const form = new SettingsForm(settingsChanged);
const chart = new ActivityChart(element("chart", HTMLElement));
const wake = new ScreenWake();
const cores = navigator.hardwareConcurrency || 2;

let donor: Donor | undefined;
/** What goes with a running donor, and ends with it. */
const endings: (() => void)[] = [];
let log: readonly CallEntry[] = [];
let shownLog = log;
let facts: MachineFacts | undefined;
let pausedByHand = false;

async function start(): Promise<void> {
	const settings = form.read();
	const started = createDonor({
		gateway: location.origin,
		key: form.key,
		cores: settings.cores,
		dutyCycle: settings.share / 100,
		memoryBytes: settings.memoryMb * 1024 ** 2,
		webgpu: settings.webgpu,
		direct: settings.direct,
	});
	donor = started;
	pausedByHand = false;
	showProblem(undefined);
	started.addEventListener("state", ({ error }) => changed(started, error));
	started.addEventListener("bundles", ({ bundles }) =>
		showBundles(bundles, started.state !== "stopped"),
	);
	started.addEventListener("call", ({ call }) => {
		log = updateCallLog(log, call);
	});
	started.addEventListener("error", ({ error }) => showProblem(error));
	endings.push(await claimBrowser());
	obeyRules();
	await started.start();
	void tellCredit();
}

async function stop(running: Donor): Promise<void> {
	await running.stop();
	showStats(running.stats);
	if (donor === running) end();
}

/** All that goes with a donor ends. */
function end(): void {
	donor = undefined;
	for (const ending of endings.splice(0)) ending();
	wake.wanted = false;
	chart.clear();
	element("chart-frame", HTMLElement).hidden = true;
	form.running = false;
	showState("stopped", "");
	showPauseButton(false, false);
}

function changed(of: Donor, error: Error | undefined): void {
	if (of !== donor) return;
	if (of.state === "stopped") end();
	else show(of);
	if (error || of.state === "online") showProblem(error);
}

function show({ state, id, nodeId }: Donor): void {
	form.running = true;
	write("donor-id", id ?? "–");
	write("node-id", nodeId ?? "–");
	wake.wanted = form.read().keepAwake;
	showState(state, whyPaused() ?? "");
	showPauseButton(state === "online" || state === "paused", pausedByHand);
}

function failed(error: unknown): void {
	end();
	showProblem(error instanceof Error ? error : new Error(String(error)));
}

function whyPaused(): string | undefined {
	if (pausedByHand) return "by you";
	return facts && pauseReason(form.read(), facts);
}

/** Pauses and resumes by the owner's hand and rules. */
function obeyRules(): void {
	if (!donor) return;
	if (whyPaused() === undefined) donor.resume();
	else donor.pause();
	if (donor.state !== "stopped") show(donor);
}

function settingsChanged(settings: DonateSettings): void {
	void keepRecord(STORAGE_KEY, settings);
	donor?.setDutyCycle(settings.share / 100);
	obeyRules();
}

/** Thousands of calls may come and go between two looks. */
function showLog(): void {
	if (log === shownLog) return;
	shownLog = log;
	showCalls(log);
}

async function tellCredit(): Promise<void> {
	if (donor?.id !== undefined) showCredit(await fetchCredit(donor.id));
}

async function prepare(): Promise<void> {
	const kept = await keptRecord(STORAGE_KEY);
	form.show(readSettings(kept, cores), cores);
	write("gateway", location.host);
	const address = element("address", HTMLAnchorElement);
	address.href = location.href;
	address.textContent = location.host + location.pathname;
	element("qr", HTMLElement).append(
		qrCode(location.origin + location.pathname, "QR code of this page"),
	);
	showState("stopped", "");
	watchMachine((found) => {
		facts = found;
		obeyRules();
	});
	setInterval(() => {
		if (donor) showStats(donor.stats);
		showLog();
	}, SHOW_MS);
	setInterval(() => {
		if (donor?.state !== "online" && donor?.state !== "paused") return;
		element("chart-frame", HTMLElement).hidden = false;
		chart.add(donor.stats.callsDone);
	}, CHART_MS);
	setInterval(() => void tellCredit(), CREDIT_MS);
}

element("toggle", HTMLButtonElement).addEventListener("click", () => {
	(donor ? stop(donor) : start()).catch(failed);
});
element("pause", HTMLButtonElement).addEventListener("click", () => {
	pausedByHand = !pausedByHand;
	obeyRules();
});
void prepare();
