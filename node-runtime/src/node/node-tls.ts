import { X509Certificate } from "node:crypto";
import { readFileSync } from "node:fs";
import { createSecureContext } from "node:tls";
import { EasyRemoteError } from "@easyremote/shared/errors";
import * as v from "valibot";

const pem = v.optional(
	v.union([v.pipe(v.string(), v.nonEmpty()), v.instance(Uint8Array)]),
);

/** What `tls` of `createNode` takes. */
export const nodeTlsSchema = v.strictObject({ ca: pem, cert: pem, key: pem });

/** Certificates of a node; each PEM, or the path of a file that holds it. */
export interface NodeTlsOptions {
	/** Authorities that the gateway's certificate may come from; default: those that Node.js comes with. */
	readonly ca?: string | Uint8Array | undefined;
	/** The node's own certificate chain, with which it says who it is. */
	readonly cert?: string | Uint8Array | undefined;
	/** The key that belongs to it. */
	readonly key?: string | Uint8Array | undefined;
}

/** Checks certificates before they are first used. Throws INVALID_ARGUMENT that says what is wrong, and shows none of it. */
export function tlsFor(gateway: string, tls: NodeTlsOptions): NodeTlsOptions {
	if (!/^(https|wss):/i.test(gateway))
		throw invalid("certificates are for a gateway at https://");
	if ((tls.cert === undefined) !== (tls.key === undefined))
		throw invalid("cert and key go together: only one was given");
	readNodeTls(tls);
	return tls;
}

/** Reads files. Throws INVALID_ARGUMENT. */
export function readNodeTls({ ca, cert, key }: NodeTlsOptions) {
	try {
		const [authorities, chain] = [ca, cert].map(readPem);
		const read = {
			...(authorities && { ca: authorities }),
			...(chain && key !== undefined && { cert: chain, key: readPem(key) }),
		};
		if (authorities) new X509Certificate(authorities);
		createSecureContext(read);
		return read;
	} catch (cause) {
		const reason = cause instanceof Error ? cause.message : "unknown reason";
		throw invalid(reason, cause);
	}
}

function readPem(source: string | Uint8Array | undefined) {
	if (source === undefined) return undefined;
	if (typeof source !== "string") return Buffer.from(source).toString("utf8");
	return source.includes("-----BEGIN ") ? source : readFileSync(source, "utf8");
}

function invalid(problem: string, cause?: unknown): EasyRemoteError {
	return new EasyRemoteError(
		"INVALID_ARGUMENT",
		`option "tls" of createNode: ${problem}`,
		{
			hint: "give certificates and key in PEM form, or the paths of such files",
			cause,
		},
	);
}
