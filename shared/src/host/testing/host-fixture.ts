import { collectFunctions } from "../../functions/collect-functions.js";
import type { CallerIdentity } from "../../protocol/control-messages.js";
import { ManualClock } from "../../time/manual-clock.js";
import type { CallReport } from "../call-report.js";
import { FunctionTable } from "../function-table.js";
import { createHost, type Host, type HostOptions } from "../host.js";
import { ScriptedCaller } from "./scripted-caller.js";

/** A caller that may call everything. */
const anna: CallerIdentity = {
	id: "key_anna",
	subject: "anna",
	anonymous: false,
	grants: ["call:*"],
};

/** A host with a clock that stands still, and callers to try it with. */
export interface HostFixture {
	readonly clock: ManualClock;
	readonly host: Host;
	/** What the host reported of calls that are over. */
	readonly reports: readonly CallReport[];
	/** A new caller's side of a call; Anna's, who may call everything, unless told. */
	readonly caller: (who?: CallerIdentity) => ScriptedCaller;
}

/** Hosts some functions on the node "calc". */
export function hostFixture(
	functions: object,
	options: Partial<HostOptions> = {},
): HostFixture {
	const clock = new ManualClock();
	const table = new FunctionTable();
	table.add(collectFunctions(functions));
	const reports: CallReport[] = [];
	const host = createHost({
		nodeId: "calc",
		table,
		clock,
		observe: (report) => reports.push(report),
		...options,
	});
	const caller = (who = anna) => new ScriptedCaller(host.accept(who));
	return { clock, host, caller, reports };
}
