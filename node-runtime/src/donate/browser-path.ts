import { EasyRemoteError } from "@easyremote/shared/errors";

/** Where Linux distributions, macOS and Windows put Chromium and Chrome, in order of preference. */
const USUAL_PATHS = [
	"/usr/bin/chromium",
	"/usr/bin/chromium-browser",
	"/usr/bin/google-chrome-stable",
	"/usr/bin/google-chrome",
	"/opt/google/chrome/chrome",
	"/snap/bin/chromium",
	"/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
	"/Applications/Chromium.app/Contents/MacOS/Chromium",
	"C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe",
];

/**
 * The browser to donate with: CHROMIUM_PATH, else an installed one. Throws INVALID_ARGUMENT when there is none.
 *
 * @param isExecutable whether a path is a file that may be run
 */
export function browserPath(
	environment: Readonly<Record<string, string | undefined>>,
	isExecutable: (path: string) => boolean,
): string {
	const chosen = environment["CHROMIUM_PATH"];
	if (chosen) {
		if (isExecutable(chosen)) return chosen;
		throw new EasyRemoteError(
			"INVALID_ARGUMENT",
			`CHROMIUM_PATH is ${chosen}, which cannot be run`,
		);
	}
	const found = USUAL_PATHS.find(isExecutable);
	if (found !== undefined) return found;
	throw new EasyRemoteError(
		"INVALID_ARGUMENT",
		"there is no Chromium or Chrome here to donate with",
		{
			hint: "sudo apt-get install chromium, brew install --cask google-chrome, or set CHROMIUM_PATH",
		},
	);
}
