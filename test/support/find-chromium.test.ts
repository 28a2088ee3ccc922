import { describe, expect, it } from "vitest";
import { findChromium, type Surroundings } from "./find-chromium.js";

const debian = 'PRETTY_NAME="Debian GNU/Linux 12 (bookworm)"\nID=debian\n';

function machine(options: {
	executables?: string[];
	env?: Record<string, string>;
	isRoot?: boolean;
	osRelease?: string;
}): Surroundings {
	return {
		env: options.env ?? {},
		isRoot: options.isRoot ?? false,
		isExecutable: (path) => options.executables?.includes(path) ?? false,
		readText: (path) =>
			path === "/etc/os-release" ? options.osRelease : undefined,
	};
}

describe("findChromium", () => {
	it("prefers CHROMIUM_PATH over the usual paths", () => {
		const search = findChromium(
			machine({
				env: { CHROMIUM_PATH: "/my/chrome" },
				executables: ["/my/chrome", "/usr/bin/chromium"],
			}),
		);
		expect(search).toEqual({ kind: "found", path: "/my/chrome" });
	});

	it("does not silently replace a wrong CHROMIUM_PATH", () => {
		const search = findChromium(
			machine({
				env: { CHROMIUM_PATH: "/gone" },
				executables: ["/usr/bin/chromium"],
			}),
		);
		expect(search).toMatchObject({
			kind: "missing",
			message: expect.stringContaining("/gone") as string,
		});
	});

	it.each([
		"/usr/bin/chromium",
		"/snap/bin/chromium",
		"/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
	])("finds %s", (path) => {
		expect(findChromium(machine({ executables: [path] }))).toEqual({
			kind: "found",
			path,
		});
	});

	it("installs as root on Debian", () => {
		expect(findChromium(machine({ isRoot: true, osRelease: debian }))).toEqual({
			kind: "installable",
			commands: [
				["apt-get", "update"],
				["apt-get", "install", "-y", "chromium"],
			],
		});
	});

	it("installs through sudo in CI on Debian, without asking for a password", () => {
		const search = findChromium(
			machine({ env: { CI: "true" }, osRelease: debian }),
		);
		expect(search).toMatchObject({
			kind: "installable",
			commands: [["sudo", "-n", "apt-get", "update"], {}],
		});
	});

	it.each([
		["a Debian desktop", machine({ osRelease: debian })],
		["root elsewhere", machine({ isRoot: true, osRelease: "ID=fedora\n" })],
		["macOS", machine({ env: { CI: "true" } })],
	])("says in one line how to get one on %s", (_name, surroundings) => {
		const search = findChromium(surroundings);
		expect(search.kind).toBe("missing");
		if (search.kind !== "missing") return;
		expect(search.message).not.toContain("\n");
		expect(search.message).toMatch(
			/apt-get install.*brew install.*CHROMIUM_PATH/,
		);
	});
});
