import { EasyRemoteError } from "@easyremote/shared/errors";
import { type JobDoor, jsonOf } from "./job-door.js";
import { type JobInfo, readJobPage } from "./job-info.js";

/** Jobs where nobody says how many. */
const USUAL = 50;
/** The most that the gateway lists at once. */
const PAGE = 200;

/** Lists jobs, newest first, page by page. Throws INVALID_ARGUMENT for a limit that is none. */
export async function listJobs(
	door: JobDoor,
	limit = USUAL,
): Promise<readonly JobInfo[]> {
	if (!(limit >= 1) || !Number.isInteger(limit))
		throw new EasyRemoteError(
			"INVALID_ARGUMENT",
			`option "limit" must be a whole number from 1, not ${limit}`,
		);
	const found: JobInfo[] = [];
	let place = "";
	while (found.length < limit) {
		const wanted = Math.min(limit - found.length, PAGE);
		const answer = await door.request(`jobs?limit=${wanted}${place}`);
		const { jobs, next } = readJobPage(jsonOf(answer));
		found.push(...jobs);
		if (next === undefined) break;
		place = `&after=${encodeURIComponent(next)}`;
	}
	return found;
}
