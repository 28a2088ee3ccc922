import { describe, expect, it } from "vitest";
import { createLog, type LogOptions } from "./log.js";

function logged(options: Partial<LogOptions>): string {
	let text = "";
	const log = createLog({
		json: false,
		level: undefined,
		colour: false,
		destination: {
			write: (more) => {
				text += more;
			},
		},
		...options,
	});
	log.debug({ callId: "c-1" }, "a detail");
	log.info({ node: "gpu-1" }, "node joined");
	log.warn({ address: "192.0.2.1" }, "a credential was refused");
	return text;
}

describe("the log of the command", () => {
	it("tells people what is amiss, a line each", () => {
		const lines = logged({}).split("\n");
		expect(lines).toHaveLength(2);
		expect(lines[0]).toMatch(
			/^\[\d\d:\d\d:\d\d\.\d{3}\] WARN: a credential was refused \{"address":"192\.0\.2\.1"\}$/,
		);
	});

	it("tells programs more, in JSON", () => {
		const lines = logged({ json: true }).trimEnd().split("\n");
		expect(lines.map((line) => JSON.parse(line) as unknown)).toMatchObject([
			{ level: 30, node: "gpu-1", msg: "node joined" },
			{ level: 40, msg: "a credential was refused" },
		]);
	});

	it.each([
		["debug", 3],
		["info", 2],
		["error", 0],
		["silent", 0],
	] as const)("from %s on if told so", (level, lines) => {
		for (const json of [true, false])
			expect(logged({ json, level }).split("\n")).toHaveLength(lines + 1);
	});

	it("has colour only where it is asked for", () => {
		expect(logged({})).not.toContain("\u001b");
		expect(logged({ colour: true })).toContain("\u001b[");
	});
});
