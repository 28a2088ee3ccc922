// What gateway/deploy has, as far as this machine can tell.
import { spawnSync } from "node:child_process";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { validate } from "dockerfile-utils";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import {
	type GatewayCommand,
	runJson,
	startGatewayCommand,
} from "../support/commands.js";
import { findContainerEngine } from "../support/container-engine.js";
import { type TempFolder, tempFolder } from "../support/temp-folder.js";

const root = fileURLToPath(new URL("../..", import.meta.url));
const deploy = join(root, "gateway/deploy");
const read = (name: string) => readFileSync(join(deploy, name), "utf8");

let folder: TempFolder;
beforeEach(async () => {
	folder = await tempFolder();
});
afterEach(() => folder.close());

describe("the unit", () => {
	const unit = read("easyremote-gateway.service");
	const settings = new Map(
		[...unit.matchAll(/^([A-Za-z]+)=(.*)$/gm)].map(
			([, key = "", value = ""]) => [key, value],
		),
	);

	it("gives calls the time they have to end, and sends one signal", () => {
		expect(Number(settings.get("TimeoutStopSec"))).toBeGreaterThan(25);
		expect(settings.get("KillSignal")).toBe("SIGTERM");
		expect(settings.get("KillMode")).toBe("mixed");
	});

	it("sets nothing that the gateway does not know", async () => {
		const variables = Object.fromEntries(
			[...unit.matchAll(/^Environment=(EASYREMOTE_\w+)=(.*)$/gm)].map(
				([, name = "", value = ""]) => [name, value],
			),
		);
		expect(Object.keys(variables)).toContain("EASYREMOTE_CONFIG");
		const env = {
			...variables,
			EASYREMOTE_CONFIG: join(deploy, "gateway.json"),
		};
		const [shown] = await runJson<{ settings: Record<string, unknown> }>(
			"gateway",
			["--print-config"],
			env,
		);
		expect(shown?.settings).toMatchObject({
			data: { value: "/var/lib/easyremote", from: "EASYREMOTE_DATA" },
			host: { value: "0.0.0.0", source: "file" },
		});
	});

	const analyze = spawnSync("systemd-analyze", ["--version"]);
	const why = analyze.error?.message;
	if (why !== undefined)
		process.stderr.write(`systemd does not check the unit: ${why}\n`);

	it.skipIf(why !== undefined)(
		"is taken by systemd, and denies itself what it does not need",
		() => {
			// With paths that exist here: systemd looks for the command.
			const path = join(folder.path, "easyremote-gateway.service");
			const here = unit
				.replace("/usr/bin/node", process.execPath)
				.replaceAll("/opt/easyremote", root.replace(/\/$/, ""));
			writeFileSync(path, here);
			const verified = spawnSync("systemd-analyze", ["verify", path], {
				encoding: "utf8",
			});
			expect([verified.status, verified.stderr]).toEqual([0, ""]);
			// In tenths: 0 is fully shielded, 100 not at all.
			const args = ["security", "--offline=true", "--threshold=20", path];
			const judged = spawnSync("systemd-analyze", args, { encoding: "utf8" });
			expect(judged.stdout).toContain("Overall exposure level");
			expect(judged.status).toBe(0);
		},
	);
});

describe("the health check", () => {
	const check = (port: number) =>
		spawnSync(process.execPath, [join(deploy, "healthcheck.js")], {
			env: { EASYREMOTE_PORT: String(port) },
		}).status;
	let gateway: GatewayCommand;

	it("tells a gateway that answers from one that does not", async () => {
		gateway = await startGatewayCommand(["--port", "0", "--data", folder.path]);
		expect(check(gateway.port)).toBe(0);
		await gateway.child.close();
		expect(check(gateway.port)).toBe(1);
	});
});

describe("the image", () => {
	const file = read("Containerfile");
	const stages = file.split(/^FROM /m);
	const last = stages.at(-1) ?? "";

	it("has a description without faults", () => {
		const faults = validate(file).map(
			({ message, range }) =>
				`${range.start.line + 1}: ${JSON.stringify(message)}`,
		);
		expect(faults).toEqual([]);
		expect(stages.length).toBeGreaterThan(2);
	});

	it("runs as somebody who is not root, writes to a volume, and checks itself without curl", () => {
		expect(last).toMatch(/^USER node$/m);
		expect(last).toMatch(/^VOLUME \/data$/m);
		expect(last).toMatch(/^HEALTHCHECK .*CMD \["node",/m);
		expect(last).not.toMatch(/curl|wget/);
		expect(last.indexOf("USER node")).toBeLessThan(last.indexOf("ENTRYPOINT"));
	});

	it("is made of what there is: every package's manifest, and files that exist", () => {
		const copied = [...file.matchAll(/^COPY (?!--from)(.+) \S+$/gm)].flatMap(
			([, sources = ""]) => sources.split(" "),
		);
		for (const source of copied)
			expect(existsSync(join(root, source)), source).toBe(true);
		const { workspaces } = JSON.parse(
			readFileSync(join(root, "package.json"), "utf8"),
		) as { workspaces: readonly string[] };
		for (const workspace of workspaces)
			expect(copied).toContain(`${workspace}/package.json`);
		const built = [
			...file.matchAll(/^COPY --from=build \/src\/(\S+) (\S+)$/gm),
		];
		expect(built.map(([, from]) => from)).toEqual(built.map(([, , to]) => to));
		expect(built.map(([, from]) => from)).toContain("gateway/dist");
	});

	const engine = findContainerEngine();
	if ("missing" in engine)
		process.stderr.write(
			`the image is linted, not built: no container engine (${engine.missing})\n`,
		);

	it.skipIf("missing" in engine)(
		"is built, starts with nothing writable but its volume, and becomes healthy",
		async () => {
			const { command } = engine as { command: string };
			const name = `easyremote-test-${process.pid}`;
			const run = (...args: readonly string[]) => {
				const done = spawnSync(command, args, { encoding: "utf8", cwd: root });
				if (done.status !== 0)
					throw new Error(`${command} ${args.join(" ")}: ${done.stderr}`);
				return done.stdout.trim();
			};
			run("build", "-f", "gateway/deploy/Containerfile", "-t", name, ".");
			try {
				run(
					"run",
					"-d",
					"--name",
					name,
					"--read-only",
					"--cap-drop",
					"ALL",
					name,
				);
				const healthy = () =>
					spawnSync(command, [
						"exec",
						name,
						"node",
						"gateway/deploy/healthcheck.js",
					]).status;
				await expect.poll(healthy).toBe(0);
				run("stop", "-t", "35", name);
				expect(run("inspect", "-f", "{{.State.ExitCode}}", name)).toBe("0");
			} finally {
				spawnSync(command, ["rm", "-f", "-v", name]);
				spawnSync(command, ["rmi", "-f", name]);
			}
		},
		600_000,
	);
});
