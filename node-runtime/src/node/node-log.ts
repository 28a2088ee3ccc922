import type { HostLog } from "@easyremote/shared/host";
import { destination, pino } from "pino";

const STANDARD_ERROR = 2;

/** The default log: lines of JSON on standard error, from `EASYREMOTE_LOG` (a pino level) on, else "warn". */
export function defaultLog(level: string | undefined, nodeId: string): HostLog {
	const known = level !== undefined && level in pino.levels.values;
	const logger = pino(
		{
			name: "easyremote-node",
			level: known ? level : "warn",
			base: { node: nodeId },
		},
		destination({ fd: STANDARD_ERROR, sync: true }),
	);
	return {
		debug: (message, fields) => logger.debug(fields, message),
		info: (message, fields) => logger.info(fields, message),
		warn: (message, fields) => logger.warn(fields, message),
		error: (message, fields) => logger.error(fields, message),
	};
}
