import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { mkdir, writeFile } from "node:fs/promises";
import { type AddressInfo, createServer } from "node:net";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Pem } from "./certificates.js";
import { type TempFolder, tempFolder } from "./temp-folder.js";

const deploy = fileURLToPath(new URL("../../gateway/deploy/", import.meta.url));

/** The proxies that gateway/deploy has a set-up for. */
export type ProxyName = "caddy" | "nginx";

/** Why a proxy cannot be run here; undefined where it is installed. */
export function missingProxy(name: ProxyName): string | undefined {
	const { error } = spawnSync(name, [name === "nginx" ? "-v" : "version"]);
	return error
		? `${name} is not installed (sudo apt-get install ${name})`
		: undefined;
}

/** A proxy with the set-up of gateway/deploy, but for ports, certificates and folders. */
export class TlsProxy {
	readonly url: string;
	readonly #process: ChildProcess;
	readonly #reload: readonly string[];
	readonly #folder: TempFolder;
	#log = "";

	private constructor(
		port: number,
		command: readonly string[],
		reload: readonly string[],
		folder: TempFolder,
	) {
		this.url = `https://localhost:${port}`;
		this.#reload = reload;
		this.#folder = folder;
		const [program = "", ...args] = command;
		this.#process = spawn(program, args, {
			stdio: ["ignore", "ignore", "pipe"],
			env: surroundings(folder.path),
		});
		this.#process.stderr?.setEncoding("utf8").on("data", (text: string) => {
			this.#log += text;
		});
	}

	/** Starts one before a gateway; resolves when it answers. */
	static async start(
		name: ProxyName,
		gatewayPort: number,
		certificate: Pem,
	): Promise<TlsProxy> {
		const folder = await tempFolder();
		const at = (file: string) => join(folder.path, file);
		await mkdir(at("logs"));
		await writeFile(at("cert.pem"), certificate.cert);
		await writeFile(at("key.pem"), certificate.key);
		const port = await freePort();
		const shipped = readFileSync(
			join(deploy, name === "caddy" ? "Caddyfile" : "nginx.conf"),
			"utf8",
		);
		const site = shipped.replaceAll(
			"127.0.0.1:8080",
			`127.0.0.1:${gatewayPort}`,
		);
		const config = at("config");
		await writeFile(
			config,
			name === "caddy"
				? caddyfile(site, port, folder.path)
				: nginxConf(site, port, folder.path),
		);
		const run =
			name === "caddy"
				? ["caddy", "run", "--adapter", "caddyfile", "--config", config]
				: ["nginx", "-c", config, "-e", "stderr", "-g", "daemon off;"];
		const reload =
			name === "caddy"
				? [
						...["caddy", "reload", "--force", "--adapter", "caddyfile"],
						...["--config", config, "--address", `unix/${at("admin")}`],
					]
				: ["nginx", "-c", config, "-e", "stderr", "-s", "reload"];
		const proxy = new TlsProxy(port, run, reload, folder);
		await proxy.#listening(port);
		return proxy;
	}

	/** Reads its set-up again, as after an edit. */
	reload(): void {
		const [program = "", ...args] = this.#reload;
		const { status, stderr } = spawnSync(program, args, {
			encoding: "utf8",
			env: surroundings(this.#folder.path),
		});
		if (status !== 0) throw new Error(`it was not reloaded: ${stderr}`);
	}

	async close(): Promise<void> {
		if (this.#process.exitCode === null) {
			const exited = new Promise((resolve) =>
				this.#process.once("exit", resolve),
			);
			this.#process.kill("SIGTERM");
			await exited;
		}
		await this.#folder.close();
	}

	async #listening(port: number): Promise<void> {
		for (;;) {
			if (this.#process.exitCode !== null)
				throw new Error(`the proxy ended:\n${this.#log}`);
			const socket = await fetch(`http://127.0.0.1:${port}`).then(
				() => true,
				(error: unknown) => !String(causeOf(error)).includes("ECONNREFUSED"),
			);
			if (socket) return;
			await new Promise((resolve) => setTimeout(resolve, 20));
		}
	}
}

/** Neither reads nor writes anything of whoever runs the tests. */
function surroundings(folder: string): NodeJS.ProcessEnv {
	return { PATH: process.env["PATH"], HOME: folder, XDG_DATA_HOME: folder };
}

function caddyfile(site: string, port: number, folder: string): string {
	const globals = [
		"{",
		`	admin unix/${join(folder, "admin")}`,
		"	auto_https disable_redirects",
		"	http_port 0",
		"	skip_install_trust",
		"}",
	].join("\n");
	const here = site.replace(
		/^gw\.example\.com \{$/m,
		`localhost:${port} {\n	bind 127.0.0.1\n	tls ${join(folder, "cert.pem")} ${join(folder, "key.pem")}`,
	);
	return `${globals}\n${here}`;
}

function nginxConf(site: string, port: number, folder: string): string {
	const here = site
		.replace("listen 443 ssl", `listen 127.0.0.1:${port} ssl`)
		.replace("server_name gw.example.com", "server_name localhost")
		.replace(/(ssl_certificate\s+)[^;]+/, `$1${join(folder, "cert.pem")}`)
		.replace(/(ssl_certificate_key\s+)[^;]+/, `$1${join(folder, "key.pem")}`);
	const folders = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"].map(
		(kind) => `	${kind}_temp_path ${join(folder, kind)};`,
	);
	return [
		process.getuid?.() === 0 ? "user root;" : "",
		`pid ${join(folder, "pid")};`,
		"worker_processes 1;",
		"events {}",
		"http {",
		"	access_log off;",
		...folders,
		here,
		"}",
	].join("\n");
}

function causeOf(error: unknown): unknown {
	return error instanceof Error && error.cause ? error.cause : error;
}

function freePort(): Promise<number> {
	return new Promise((resolve, reject) => {
		const server = createServer();
		server.once("error", reject);
		server.listen(0, "127.0.0.1", () => {
			const { port } = server.address() as AddressInfo;
			server.close(() => resolve(port));
		});
	});
}
