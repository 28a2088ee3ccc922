import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { createSocket } from "node:dgram";
import { networkInterfaces } from "node:os";
import { join } from "node:path";
import { type TempFolder, tempFolder } from "./temp-folder.js";

/** Why there can be no TURN server here; undefined where coturn is installed. */
export function missingCoturn(): string | undefined {
	const { error } = spawnSync("turnserver", ["--version"]);
	return error
		? "coturn is not installed (sudo apt-get install coturn)"
		: undefined;
}

export interface CoturnOptions {
	/** Where it listens and relays; loopback unless told. */
	readonly address?: string;
	/** A command that runs it, such as `ip netns exec NAME`. */
	readonly under?: readonly string[];
}

/** Debian's coturn on loopback, with a secret that gateways share with it. */
export class Coturn {
	readonly url: string;
	readonly #process: ChildProcess;
	readonly #folder: TempFolder;
	#log = "";

	private constructor(
		port: number,
		secret: string,
		folder: TempFolder,
		{ address = "127.0.0.1", under = [] }: CoturnOptions,
	) {
		this.url = `turn:${address}:${port}`;
		this.#folder = folder;
		const [command, ...before] = [...under, "turnserver"];
		this.#process = spawn(
			command,
			[
				...before,
				"-n",
				`--listening-ip=${address}`,
				`--listening-port=${port}`,
				`--relay-ip=${address}`,
				"--allow-loopback-peers",
				"--use-auth-secret",
				`--static-auth-secret=${secret}`,
				"--realm=test.invalid",
				"--no-cli",
				"--no-tls",
				"--no-dtls",
				"--no-tcp",
				"--log-file=stdout",
				"--verbose",
				`--userdb=${join(folder.path, "turn.db")}`,
				`--pidfile=${join(folder.path, "turn.pid")}`,
			],
			{ stdio: ["ignore", "pipe", "pipe"] },
		);
		for (const stream of [this.#process.stdout, this.#process.stderr])
			stream?.setEncoding("utf8").on("data", (text: string) => {
				this.#log += text;
			});
	}

	/** Starts one on a free port; resolves when it listens. */
	static async start(
		secret: string,
		options: CoturnOptions = {},
	): Promise<Coturn> {
		const folder = await tempFolder();
		const coturn = new Coturn(await freeUdpPort(), secret, folder, options);
		await coturn.logs(/listener opened on/);
		return coturn;
	}

	/** Resolves when it has written a line like this. Rejects if it ends instead. */
	async logs(pattern: RegExp): Promise<void> {
		while (!pattern.test(this.#log)) {
			if (this.#process.exitCode !== null)
				throw new Error(`turnserver ended:\n${this.#log}`);
			await new Promise((resolve) => setTimeout(resolve, 10));
		}
	}

	async close(): Promise<void> {
		if (this.#process.exitCode === null) {
			const exited = new Promise((resolve) =>
				this.#process.once("exit", resolve),
			);
			this.#process.kill("SIGKILL");
			await exited;
		}
		await this.#folder.close();
	}
}

/** An address of this machine that other machines could use as well; loopback where there is none. */
export function ownAddress(): string {
	const found = Object.values(networkInterfaces())
		.flatMap((addresses) => addresses ?? [])
		.find(({ family, internal }) => family === "IPv4" && !internal);
	return found?.address ?? "127.0.0.1";
}

function freeUdpPort(): Promise<number> {
	return new Promise((resolve, reject) => {
		const socket = createSocket("udp4");
		socket.once("error", reject);
		socket.bind(0, () => {
			const { port } = socket.address();
			socket.close(() => resolve(port));
		});
	});
}
