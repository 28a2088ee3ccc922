// Prints `N passed, N failed` from a vitest JSON report; exits 1 unless something passed and nothing failed.
import { readFileSync } from "node:fs";

const [path] = process.argv.slice(2);
if (path === undefined) throw new Error("usage: closing-line.js REPORT");
const text = readFileSync(path, "utf8");
if (text === "") {
	process.stderr.write("The tests ended without writing a report.\n");
	process.exit(1);
}
const report = JSON.parse(text);
// A file that failed to load holds no tests, yet it is a failure.
const brokenFiles = report.testResults.filter(
	(file) =>
		file.status === "failed" &&
		!file.assertionResults.some((test) => test.status === "failed"),
).length;
const passed = report.numPassedTests;
const failed = report.numFailedTests + brokenFiles;
process.stdout.write(`${passed} passed, ${failed} failed\n`);
process.exitCode = passed > 0 && failed === 0 ? 0 : 1;
