/** Words that stand behind `/api/` already, so that no bundle may be called by them. */
export const RESERVED_NAMES: ReadonlySet<string> = new Set([
	"bundles",
	"nodes",
	"jobs",
	"report",
	"donors",
]);
