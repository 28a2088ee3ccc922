import { BlockList, isIP, isIPv4 } from "node:net";
import { plainAddress } from "./plain-address.js";

/** What a trusted proxy says of the request that it passed on. */
export interface ProxiedClient {
	/** The last address that no trusted proxy has. */
	readonly address: string;
	/** Whether the proxy says that the caller's side of the connection is encrypted. */
	readonly secure: boolean;
}

/** Proxies whose word about a caller's address is taken, by address or network ("10.0.0.0/8"). */
export class TrustedProxies {
	readonly #networks = new BlockList();
	readonly #none: boolean;

	constructor(networks: readonly string[]) {
		this.#none = networks.length === 0;
		for (const network of networks) {
			const { address, prefix, family } = readNetwork(network);
			this.#networks.addSubnet(address, prefix, family);
		}
	}

	/** Whether the other end of a connection is such a proxy. */
	trusts(address: string): boolean {
		if (this.#none) return false;
		const plain = plainAddress(address);
		const version = isIP(plain);
		return (
			version !== 0 &&
			this.#networks.check(plain, version === 4 ? "ipv4" : "ipv6")
		);
	}

	/**
	 * Who is behind trusted proxies, by their `X-Forwarded-For` and `X-Forwarded-Proto`. Read from the end, where the
	 * nearest proxy writes: what stands before the first address that is not trusted, its owner may have made up.
	 * Undefined where the headers do not say.
	 */
	client(
		forwardedFor: string | undefined,
		forwardedProto: string | undefined,
	): ProxiedClient | undefined {
		let address: string | undefined;
		for (const entry of listed(forwardedFor).reverse()) {
			const read = readAddress(entry);
			if (read === undefined) return undefined;
			address = read;
			if (!this.trusts(read)) break;
		}
		if (address === undefined) return undefined;
		const scheme = listed(forwardedProto).at(-1)?.toLowerCase();
		return { address, secure: scheme === "https" };
	}
}

/** Whether a text names an address or a network, as `TrustedProxies` takes them. */
export function isNetwork(text: string): boolean {
	const [address = "", prefix, ...rest] = text.split("/");
	const version = isIP(address);
	if (version === 0 || rest.length > 0 || address.includes("%")) return false;
	if (prefix === undefined) return true;
	return (
		/^\d{1,3}$/.test(prefix) && Number(prefix) <= (version === 4 ? 32 : 128)
	);
}

function readNetwork(text: string) {
	const [address = "", prefix] = text.split("/");
	const family = isIPv4(address) ? ("ipv4" as const) : ("ipv6" as const);
	const whole = family === "ipv4" ? 32 : 128;
	return {
		address,
		family,
		prefix: prefix === undefined ? whole : Number(prefix),
	};
}

function listed(header: string | undefined): string[] {
	return header === undefined
		? []
		: header.split(",").map((entry) => entry.trim());
}

/** An entry of `X-Forwarded-For`: an address, to which some proxies add a port. */
function readAddress(entry: string): string | undefined {
	const bracketed = /^\[([^\]]*)\](?::\d+)?$/.exec(entry)?.[1];
	const withPort = /^([\d.]+):\d+$/.exec(entry)?.[1];
	const address = plainAddress(bracketed ?? withPort ?? entry);
	return isIP(address) === 0 ? undefined : address;
}
