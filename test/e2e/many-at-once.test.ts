import { afterAll, beforeAll, expect, it, onTestFinished } from "vitest";
import { gate } from "../support/gate.js";
import { Network } from "../support/network.js";
import { failure } from "../support/failure.js";

/** More than the ten listeners to one signal from which Node.js warns of a leak. */
const COUNT = 40;

const names = Array.from({ length: COUNT }, (_, index) => `f${index}`);
const release = gate();
const functions = Object.fromEntries(
	names.map((name) => [
		name,
		async (value: unknown) => {
			if (value === "wait") await release.opened;
			return value;
		},
	]),
);

let network: Network;
beforeAll(async () => {
	network = await Network.start();
	await network.node(functions, { id: "worker", maxConcurrent: COUNT });
});
afterAll(async () => {
	release.open();
	await network.close();
});

/** What Node.js has to say while the test runs. */
function heedWarnings(): readonly Error[] {
	const warnings: Error[] = [];
	const heed = (warning: Error) => void warnings.push(warning);
	process.on("warning", heed);
	onTestFinished(() => void process.off("warning", heed));
	return warnings;
}

it("calls many functions at once whose nodes are not known yet, without a warning", async () => {
	const warnings = heedWarnings();
	const client = network.client();
	const calls = names.map((name) => client.remote(name)(name));
	const listings = names.map(() => client.functions());
	expect(await Promise.all(calls)).toEqual(names);
	await Promise.all(listings);
	expect(warnings).toEqual([]);
});

it("cancels all calls that have one signal, without a warning", async () => {
	const warnings = heedWarnings();
	const client = network.client();
	const controller = new AbortController();
	const { signal } = controller;
	const calls = names.map((name) => client.remote(name).with({ signal }));
	const ended = calls.map((call) => call("at once"));
	expect(await Promise.all(ended)).toEqual(names.map(() => "at once"));
	const failures = calls.map((call) => failure(call("wait")));
	controller.abort(new Error("enough"));
	const errors = await Promise.all(failures);
	expect(errors.map(({ code }) => code)).toEqual(names.map(() => "CANCELLED"));
	expect(warnings).toEqual([]);
});
