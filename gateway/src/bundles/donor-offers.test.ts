import {
	ControlEncoder,
	type ControlPayload,
	decodeControl,
	PROTOCOL,
} from "@easyremote/shared/protocol";
import { ManualClock } from "@easyremote/shared/time";
import pino from "pino";
import { expect, it } from "vitest";
import { DonorOffers } from "./donor-offers.js";
import { openCatalogue } from "./testing/open-catalogue.js";

function open() {
	const clock = new ManualClock();
	const catalogue = openCatalogue(clock);
	const offers = new DonorOffers({
		bundles: catalogue.bundles,
		clock,
		log: pino({ level: "silent" }),
	});
	const told: ControlPayload<"bundles">[] = [];
	const watch = () => offers.watch((list) => told.push(list));
	const names = () =>
		told.map(({ bundles }) =>
			bundles.map(({ name, version }) => `${name}@${version}`),
		);
	return { clock, ...catalogue, offers, told, watch, names };
}

it("tells a donor what there is, without what it has no use for", async () => {
	const { publish, watch, told } = open();
	await publish({
		functions: [
			{
				name: "tile",
				input: { type: "array" },
				output: {},
				deterministic: "exact",
			},
		],
	});
	watch();
	expect(told).toEqual([
		{
			bundles: [
				expect.objectContaining({
					name: "mandelbrot",
					version: "1",
					publisher: "laptop",
					functions: [
						{
							name: "tile",
							public: false,
							authRequired: true,
							idempotent: true,
							stream: false,
							deterministic: "exact",
						},
					],
				}),
			],
		},
	]);
});

it("tells changes, those in quick succession together, until the donor leaves", async () => {
	const { publish, watch, names, clock, bundles } = open();
	const stop = watch();
	await publish();
	await clock.advance(1);
	await publish({ name: "other" });
	expect(names()).toEqual([[]]);
	await clock.advance(49);
	expect(names().at(-1)).toEqual(["other@1", "mandelbrot@1"]);
	await bundles.unpublish("mandelbrot", undefined);
	await clock.advance(50);
	expect(names().slice(2)).toEqual([["other@1"]]);
	stop();
	await publish({ name: "third" });
	await clock.advance(50);
	expect(names()).toHaveLength(3);
});

it("fits into a control message, the newest versions first, and says how many are left out", async () => {
	const { publish, watch, told } = open();
	const description = "x".repeat(8_000);
	for (let version = 1; version <= 40; version += 1)
		await publish({ version: String(version), description });
	await publish({ name: "other", description });
	for (let version = 41; version <= 50; version += 1)
		await publish({ version: String(version), description });
	watch();
	const [list] = told;
	if (!list) throw new Error("nothing was told");
	const { body } = new ControlEncoder(() => 0).encode("bundles", list);
	expect(body.length).toBeLessThanOrEqual(PROTOCOL.controlMessageBytes);
	expect(decodeControl(body).type).toBe("bundles");
	expect(
		list.bundles.slice(0, 3).map(({ name, version }) => `${name}@${version}`),
	).toEqual(["mandelbrot@50", "other@1", "mandelbrot@49"]);
	expect(list.leftOut).toBe(51 - list.bundles.length);
});
