/** What a browser tells of itself, by User-Agent Client Hints where it has them. */
export interface EngineFacts {
	readonly userAgent: string;
	/** Of `navigator.userAgentData`. */
	readonly brands?:
		| readonly { readonly brand: string; readonly version: string }[]
		| undefined;
	/** High-entropy hints. */
	readonly architecture?: string | undefined;
	readonly bitness?: string | undefined;
}

/** Engines by what their user agents say, most particular first. */
const ENGINES: readonly (readonly [string, RegExp])[] = [
	["firefox", /Firefox\/(\d+)/],
	["chromium", /(?:Chrome|Chromium|HeadlessChrome)\/(\d+)/],
	["safari", /Version\/(\d+)[^ ]* .*Safari/],
];

/**
 * Engine, major version and architecture, such as "chromium-156-x86_64": results of `Math.exp` and its like are the same
 * within one class, and only there. What is not told is "unknown", which is a class of its own.
 */
export function engineClass(facts: EngineFacts): string {
	return `${engine(facts)}-${architecture(facts)}`;
}

function engine({ userAgent, brands }: EngineFacts): string {
	const chromium = brands?.find(({ brand }) => brand === "Chromium");
	if (chromium) return `chromium-${Number.parseInt(chromium.version, 10)}`;
	for (const [name, pattern] of ENGINES) {
		const version = pattern.exec(userAgent)?.[1];
		if (version !== undefined) return `${name}-${version}`;
	}
	return "unknown-0";
}

function architecture(facts: EngineFacts): string {
	const { userAgent } = facts;
	const told = facts.architecture;
	if (told === "x86") return facts.bitness === "32" ? "x86" : "x86_64";
	if (told === "arm") return facts.bitness === "32" ? "arm" : "aarch64";
	if (/x86_64|x64|Win64|amd64|Intel Mac/i.test(userAgent)) return "x86_64";
	if (/aarch64|arm64/i.test(userAgent)) return "aarch64";
	return "unknown";
}
