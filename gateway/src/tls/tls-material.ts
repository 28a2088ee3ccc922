import { X509Certificate } from "node:crypto";
import { readFileSync } from "node:fs";
import { createSecureContext } from "node:tls";
import { EasyRemoteError } from "@easyremote/shared/errors";

/** What the option `tls` holds: each PEM itself, or the path of a file that holds it. */
export interface TlsSources {
	/** Certificate chain, the gateway's own first. */
	readonly cert: string | Uint8Array;
	readonly key: string | Uint8Array;
	/** Authorities that issue clients' certificates; several in a row. */
	readonly clientCa?: string | Uint8Array | undefined;
}

/** The same, read: PEM text that belongs together and can be used. */
export interface TlsMaterial {
	readonly cert: string;
	readonly key: string;
	readonly clientCa: string | undefined;
}

/** Reads and checks. Throws INVALID_ARGUMENT that says which part is wrong, and never shows any of it. */
export function readTlsMaterial(sources: TlsSources): TlsMaterial {
	const { clientCa } = sources;
	const material = {
		cert: readPem("cert", sources.cert),
		key: readPem("key", sources.key),
		clientCa:
			clientCa === undefined ? undefined : readPem("clientCa", clientCa),
	};
	checked("cert", () => new X509Certificate(material.cert));
	// Node.js takes an empty list of authorities for all those that browsers know.
	const { clientCa: authorities } = material;
	if (authorities !== undefined)
		checked("clientCa", () => new X509Certificate(authorities));
	checked("key", () =>
		createSecureContext({ ...material, ca: material.clientCa }),
	);
	return material;
}

/** The files among the sources, to be watched. */
export function tlsFiles(sources: TlsSources): readonly string[] {
	return [sources.cert, sources.key, sources.clientCa].filter(
		(source) => typeof source === "string" && !isPem(source),
	) as string[];
}

function readPem(part: string, source: string | Uint8Array): string {
	if (typeof source !== "string") return Buffer.from(source).toString("utf8");
	if (isPem(source)) return source;
	return checked(part, () => readFileSync(source, "utf8"));
}

function isPem(text: string): boolean {
	return text.includes("-----BEGIN ");
}

function checked<T>(part: string, work: () => T): T {
	try {
		return work();
	} catch (cause) {
		const reason = cause instanceof Error ? cause.message : "unknown reason";
		throw new EasyRemoteError(
			"INVALID_ARGUMENT",
			`invalid option "tls.${part}": ${reason}`,
			{
				hint: "Give certificate chain, its private key and authorities in PEM form, or the paths of such files.",
				cause,
			},
		);
	}
}
