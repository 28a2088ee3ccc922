// Run before the tests, so that a missing browser is one clear line and not a hundred failures.
import { ensureChromium } from "./chromium.js";

try {
	process.stderr.write(`Browser tests use ${ensureChromium()}\n`);
} catch (error) {
	process.stderr.write(
		`${error instanceof Error ? error.message : String(error)}\n`,
	);
	process.exitCode = 1;
}
