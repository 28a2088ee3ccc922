/** When its owner wants nothing to be given. */
export interface PauseRules {
	readonly pauseOnBattery: boolean;
	readonly pauseOnMetered: boolean;
	readonly pauseWhenHidden: boolean;
	/** Only from … to, local time, "20:00"; over midnight where `to` is the earlier one. */
	readonly scheduled: boolean;
	readonly from: string;
	readonly to: string;
}

/** What a browser tells of its machine; what it does not tell is undefined. */
export interface MachineFacts {
	readonly onBattery: boolean | undefined;
	readonly metered: boolean | undefined;
	/** The tab is in the background, or its window covered. */
	readonly hidden: boolean;
	/** Local time, minutes since midnight. */
	readonly minuteOfDay: number;
}

/** Why a donor gives nothing just now, by its owner's rules and in a few words; undefined if it may. Pure. */
export function pauseReason(
	rules: PauseRules,
	facts: MachineFacts,
): string | undefined {
	if (rules.scheduled && !within(rules, facts.minuteOfDay))
		return `until ${rules.from}, as scheduled`;
	if (rules.pauseOnBattery && facts.onBattery === true)
		return "while on battery";
	if (rules.pauseOnMetered && facts.metered === true)
		return "while the connection is metered";
	if (rules.pauseWhenHidden && facts.hidden)
		return "while this tab is in the background";
	return undefined;
}

function within(
	{ from, to }: Pick<PauseRules, "from" | "to">,
	minute: number,
): boolean {
	const [start, end] = [minutes(from), minutes(to)];
	// The same time twice is all day.
	if (start === end) return true;
	return start < end
		? minute >= start && minute < end
		: minute >= start || minute < end;
}

function minutes(time: string): number {
	const [hours = 0, rest = 0] = time.split(":").map(Number);
	return hours * 60 + rest;
}
