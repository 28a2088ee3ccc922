/** What the finder looks at; injected so that its rules are testable on any machine. */
export interface Surroundings {
	readonly env: Readonly<Record<string, string | undefined>>;
	readonly isRoot: boolean;
	/** Whether this is a file that may be executed. */
	isExecutable(path: string): boolean;
	/** The text of a file, or undefined when it cannot be read. */
	readText(path: string): string | undefined;
}

/** Where a browser is, how to get one, or why there is none. */
export type ChromiumSearch =
	| { readonly kind: "found"; readonly path: string }
	| {
			readonly kind: "installable";
			readonly commands: readonly (readonly string[])[];
	  }
	| { readonly kind: "missing"; readonly message: string };

/** Paths under which Linux distributions and macOS install Chromium and Chrome, in order of preference. */
export const usualPaths: readonly string[] = [
	"/usr/bin/chromium",
	"/usr/bin/chromium-browser",
	"/usr/bin/google-chrome-stable",
	"/usr/bin/google-chrome",
	"/opt/google/chrome/chrome",
	"/snap/bin/chromium",
	"/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
	"/Applications/Chromium.app/Contents/MacOS/Chromium",
	"/opt/homebrew/bin/chromium",
];

/** Finds an installed browser: `CHROMIUM_PATH`, then the usual paths, then what may be installed. */
export function findChromium(surroundings: Surroundings): ChromiumSearch {
	const chosen = surroundings.env.CHROMIUM_PATH;
	if (chosen !== undefined && chosen !== "") {
		if (surroundings.isExecutable(chosen))
			return { kind: "found", path: chosen };
		return {
			kind: "missing",
			message: `CHROMIUM_PATH is ${chosen}, which is not an executable file.`,
		};
	}
	const path = usualPaths.find((candidate) =>
		surroundings.isExecutable(candidate),
	);
	if (path !== undefined) return { kind: "found", path };
	const unattended = surroundings.isRoot || surroundings.env.CI === "true";
	if (unattended && isDebian(surroundings)) {
		const asRoot = surroundings.isRoot ? [] : ["sudo", "-n"];
		return {
			kind: "installable",
			commands: [
				[...asRoot, "apt-get", "update"],
				[...asRoot, "apt-get", "install", "-y", "chromium"],
			],
		};
	}
	return {
		kind: "missing",
		message:
			"No Chromium found: install it (`sudo apt-get install chromium`, or `brew install --cask google-chrome`) or set CHROMIUM_PATH to one.",
	};
}

function isDebian(surroundings: Surroundings): boolean {
	return /^ID="?debian"?$/m.test(
		surroundings.readText("/etc/os-release") ?? "",
	);
}
