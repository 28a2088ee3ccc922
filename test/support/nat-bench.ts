import { execFileSync } from "node:child_process";
import { randomBytes } from "node:crypto";
import { Child } from "./child.js";

/**
 * What stands between a host and the public network. `cone`: a port-restricted cone NAT, as most homes have. `symmetric`:
 * every destination sees another port. `no-udp`: a firewall that passes TCP only.
 */
export type Nat = "cone" | "symmetric" | "no-udp";

/** The two hosts behind NATs. */
export type Side = "a" | "b";

/** Why there can be no network namespaces here; undefined where there can. */
export function missingNamespaces(): string | undefined {
	if (process.platform !== "linux") return "it takes Linux";
	if (process.getuid?.() !== 0) return "it takes root";
	const probe = `er-${randomBytes(3).toString("hex")}`;
	try {
		run("ip", "netns", "add", probe);
		run("ip", "netns", "exec", probe, "iptables", "-L");
		return undefined;
	} catch (error) {
		return error instanceof Error
			? error.message.trim().split("\n").slice(0, 2).join(": ")
			: "no reason";
	} finally {
		try {
			run("ip", "netns", "delete", probe);
		} catch {
			// It was never made.
		}
	}
}

/**
 * A small internet of network namespaces: a public network with room for a gateway, and two hosts, each behind a router
 * of its own. Nothing of it is visible outside, and nothing of it reaches out.
 */
export class NatBench {
	static readonly #standing = new Set<NatBench>();
	/** Where a process on the public network listens. */
	readonly publicAddress = "203.0.113.1";
	readonly #id = randomBytes(3).toString("hex");
	readonly #namespaces: string[] = [];
	readonly #children: Child[] = [];

	static {
		// Whatever ends this process, no namespace outlives it.
		process.on("exit", () => {
			for (const bench of NatBench.#standing) bench.#remove();
		});
	}

	/** Builds it; `close` takes it down again. */
	static create(nats: Readonly<Record<Side, Nat>>): NatBench {
		const bench = new NatBench();
		NatBench.#standing.add(bench);
		try {
			bench.#build(nats);
		} catch (error) {
			bench.#remove();
			throw error;
		}
		return bench;
	}

	/** Runs one of `programs/` on a host, or on the public network. */
	start(program: string, where: Side | "public"): Child {
		const file = new URL(`programs/${program}.ts`, import.meta.url);
		const child = new Child(file, {
			under: ["ip", "netns", "exec", this.#name(where)],
		});
		this.#children.push(child);
		return child;
	}

	/** The command that runs another one there. */
	within(where: Side | "public"): readonly string[] {
		return ["ip", "netns", "exec", this.#name(where)];
	}

	/** Joins both hosts by a cable of their own, beside their ways out. */
	addCable(): void {
		this.#connect("a", "cable", "b", "cable");
		for (const [side, address] of CABLE)
			this.#in(side, "ip", "addr", "add", address, "dev", "cable");
	}

	/** Pulls the cable out, or plugs it in again with other addresses. */
	cable(plugged: boolean): void {
		if (!plugged) {
			this.#in("a", "ip", "link", "set", "cable", "down");
			return;
		}
		for (const [side, address] of OTHER_CABLE) {
			this.#in(side, "ip", "addr", "flush", "dev", "cable");
			this.#in(side, "ip", "addr", "add", address, "dev", "cable");
			this.#in(side, "ip", "link", "set", "cable", "up");
		}
	}

	/** Gives a host another address of its private network, as a router that restarts may. */
	renumber(side: Side): void {
		const net = `10.${NUMBER[side]}.0`;
		this.#in(side, "ip", "addr", "flush", "dev", "eth0");
		this.#in(side, "ip", "addr", "add", `${net}.77/24`, "dev", "eth0");
		this.#in(side, "ip", "route", "add", "default", "via", `${net}.1`);
	}

	/** UDP packets that have come straight from one side to the router of the other. */
	packetsFrom(side: Side): number {
		const router = side === "a" ? "router-b" : "router-a";
		const list = ["iptables", "-t", "mangle", "-L", "PREROUTING", "-nvx"];
		const rule = this.#in(router, ...list)
			.split("\n")
			.find((line) => line.includes(publicAddressOf(side)));
		const packets = Number(rule?.trim().split(/\s+/)[0]);
		if (Number.isNaN(packets)) throw new Error(`no counter in ${router}`);
		return packets;
	}

	/** Ends what runs in it and takes it down. */
	async close(): Promise<void> {
		try {
			for (const child of this.#children.reverse()) await child.close();
		} finally {
			this.#remove();
		}
	}

	#build(nats: Readonly<Record<Side, Nat>>): void {
		this.#namespace("public");
		this.#in("public", "ip", "link", "add", "net", "type", "bridge");
		this.#in(
			"public",
			"ip",
			"addr",
			"add",
			`${this.publicAddress}/24`,
			"dev",
			"net",
		);
		this.#in("public", "ip", "link", "set", "net", "up");
		// As on the Internet, what is sent to an address that is not there vanishes, and is no error.
		this.#in("public", "ip", "route", "add", "default", "dev", "net");
		for (const side of SIDES) {
			const router = `router-${side}`;
			const net = `10.${NUMBER[side]}.0`;
			this.#namespace(router);
			this.#namespace(side);
			this.#connect(router, "ext", "public", `port-${side}`);
			this.#in("public", "ip", "link", "set", `port-${side}`, "master", "net");
			this.#connect(side, "eth0", router, "int");
			const external = `${publicAddressOf(side)}/24`;
			this.#in(router, "ip", "addr", "add", external, "dev", "ext");
			this.#in(router, "ip", "addr", "add", `${net}.1/24`, "dev", "int");
			this.#in(side, "ip", "addr", "add", `${net}.2/24`, "dev", "eth0");
			this.#in(side, "ip", "route", "add", "default", "via", `${net}.1`);
			this.#translate(router, nats[side]);
			this.#countFrom(side === "a" ? "b" : "a", router);
		}
	}

	/** A rule without a target only counts. */
	#countFrom(side: Side, router: string): void {
		const rule = ["-i", "ext", "-p", "udp", "-s", publicAddressOf(side)];
		this.#in(router, "iptables", "-t", "mangle", "-A", "PREROUTING", ...rule);
	}

	#translate(router: string, nat: Nat): void {
		this.#in(router, "sysctl", "-qw", "net.ipv4.ip_forward=1");
		this.#in(
			router,
			"iptables",
			"-t",
			"nat",
			"-A",
			"POSTROUTING",
			"-o",
			"ext",
			"-j",
			"MASQUERADE",
			...(nat === "symmetric" ? ["--random-fully"] : []),
		);
		// Otherwise the router itself answers what comes before the hole is punched, and spoils it.
		this.#in(
			router,
			"iptables",
			"-A",
			"INPUT",
			"-i",
			"ext",
			"-m",
			"conntrack",
			"--ctstate",
			"NEW",
			"-j",
			"DROP",
		);
		if (nat === "no-udp")
			this.#in(router, "iptables", "-A", "FORWARD", "-p", "udp", "-j", "DROP");
	}

	#namespace(where: string): void {
		const name = this.#name(where);
		run("ip", "netns", "add", name);
		this.#namespaces.push(name);
		this.#in(where, "ip", "link", "set", "lo", "up");
	}

	/** A cable between two namespaces, both ends up. */
	#connect(
		one: string,
		oneDevice: string,
		other: string,
		otherDevice: string,
	): void {
		run(
			"ip",
			"link",
			"add",
			oneDevice,
			"netns",
			this.#name(one),
			"type",
			"veth",
			"peer",
			"name",
			otherDevice,
			"netns",
			this.#name(other),
		);
		this.#in(one, "ip", "link", "set", oneDevice, "up");
		this.#in(other, "ip", "link", "set", otherDevice, "up");
	}

	#in(where: string, ...command: readonly string[]): string {
		return run("ip", "netns", "exec", this.#name(where), ...command);
	}

	#name(where: string): string {
		return `er-${this.#id}-${where}`;
	}

	#remove(): void {
		NatBench.#standing.delete(this);
		for (const name of this.#namespaces.splice(0).reverse())
			run("ip", "netns", "delete", name);
	}
}

const SIDES = ["a", "b"] as const;
/** Tells their networks apart. */
const NUMBER: Readonly<Record<Side, number>> = { a: 2, b: 3 };

/** What the router of a side is known as outside. */
function publicAddressOf(side: Side): string {
	return `203.0.113.${NUMBER[side]}`;
}

const CABLE = [
	["a", "10.9.0.1/24"],
	["b", "10.9.0.2/24"],
] as const;
const OTHER_CABLE = [
	["a", "10.8.0.1/24"],
	["b", "10.8.0.2/24"],
] as const;

function run(command: string, ...args: readonly string[]): string {
	return execFileSync(command, args, {
		stdio: ["ignore", "pipe", "pipe"],
		encoding: "utf8",
	});
}
