import * as v from "valibot";

const timeOfDay = v.pipe(v.string(), v.regex(/^([01]\d|2[0-3]):[0-5]\d$/));

/** What a donor's owner has chosen, as it is kept. */
const settings = v.object({
	cores: v.pipe(v.number(), v.integer(), v.minValue(1)),
	/** Share of the time that each core may be busy, percent. */
	share: v.pipe(v.number(), v.integer(), v.minValue(10), v.maxValue(100)),
	/** Most memory a function may ask for, MB. */
	memoryMb: v.pipe(v.number(), v.integer(), v.minValue(64)),
	webgpu: v.boolean(),
	direct: v.boolean(),
	pauseOnBattery: v.boolean(),
	pauseOnMetered: v.boolean(),
	pauseWhenHidden: v.boolean(),
	/** Only from … to, local time; over midnight where `to` is the earlier one. */
	scheduled: v.boolean(),
	from: timeOfDay,
	to: timeOfDay,
	keepAwake: v.boolean(),
});

export type DonateSettings = v.InferOutput<typeof settings>;

/** What a newcomer finds: all cores but one, nothing that costs its owner battery or money. */
export function defaultSettings(cores: number): DonateSettings {
	return {
		cores: Math.max(1, cores - 1),
		share: 100,
		memoryMb: 1024,
		webgpu: false,
		direct: true,
		pauseOnBattery: true,
		pauseOnMetered: true,
		pauseWhenHidden: false,
		scheduled: false,
		from: "20:00",
		to: "08:00",
		keepAwake: false,
	};
}

/** Settings that were kept, made fit for this machine; the defaults for what is none. */
export function readSettings(kept: unknown, cores: number): DonateSettings {
	const defaults = defaultSettings(cores);
	const merged =
		typeof kept === "object" && kept !== null
			? { ...defaults, ...kept }
			: defaults;
	const read = v.safeParse(settings, merged);
	return read.success
		? { ...read.output, cores: Math.min(read.output.cores, cores) }
		: defaults;
}
