import pino, { type DestinationStream, type Logger } from "pino";
import { prettyFactory } from "pino-pretty";
import type { LogLevel } from "./settings-schema.js";

export interface LogOptions {
	/** One JSON value a line, for programs; else lines for people. */
	readonly json: boolean;
	/** What is logged; "warn" for people, who get the banner too, "info" for programs, unless given. */
	readonly level: LogLevel | undefined;
	readonly colour: boolean;
	/** Where to; standard error unless given. Written to at once, so that nothing is lost when the process ends. */
	readonly destination?: DestinationStream;
}

/** The log of the command. */
export function createLog({
	json,
	level = json ? "info" : "warn",
	colour,
	destination = pino.destination({ dest: 2, sync: true }),
}: LogOptions): Logger {
	const options = { name: "easyremote-gateway", level };
	if (json) return pino(options, destination);
	const line = prettyFactory({
		colorize: colour,
		ignore: "pid,hostname,name",
		singleLine: true,
		translateTime: "SYS:HH:MM:ss.l",
	});
	return pino(options, { write: (text) => destination.write(line(text)) });
}
