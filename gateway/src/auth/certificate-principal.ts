import { createHash } from "node:crypto";
import { NAME_PATTERN } from "@easyremote/shared/protocol";
import { isGrant } from "@easyremote/shared/security";
import type { ClientCertificate } from "./client-certificate.js";
import { ROLE_GRANTS } from "./create-key.js";
import type { Principal } from "./principal.js";
import { readAltNames } from "./subject-alt-names.js";

const SCHEME = "easyremote:";
const NODE = `${SCHEME}node:`;
const GRANT = `${SCHEME}grant:`;

/**
 * Who holds a trusted certificate. URIs among its alternative names say what it is for: `easyremote:node:ID` to be that
 * node, `easyremote:grant:GRANT` to do that. One without any such URI is a client's and may call everything.
 */
export function certificatePrincipal(
	certificate: ClientCertificate,
): Principal {
	const uris = readAltNames(certificate.subjectAltName)
		.filter(({ kind, value }) => kind === "URI" && value.startsWith(SCHEME))
		.map(({ value }) => value);
	const nodes = behind(NODE, uris).filter((id) => NAME_PATTERN.test(id));
	const grants = behind(GRANT, uris).filter(isGrant);
	return {
		id: principalId(certificate, nodes),
		subject: nodes[0] ?? commonName(certificate),
		anonymous: false,
		grants:
			uris.length === 0
				? [...ROLE_GRANTS.client]
				: [...nodes.map((id) => `node:${id}`), ...grants],
		expiresAt: certificate.expiresAt,
	};
}

function behind(prefix: string, uris: readonly string[]): readonly string[] {
	return uris
		.filter((uri) => uri.startsWith(prefix))
		.map((uri) => uri.slice(prefix.length));
}

/** Stays the same when a certificate is renewed: it is by the name that the authority vouches for. */
function principalId(
	{ subject, fingerprint }: ClientCertificate,
	nodes: readonly string[],
): string {
	if (nodes.length > 0) return `cert:node:${[...nodes].sort().join("+")}`;
	const name = subject === "" ? fingerprint : subject;
	const hash = createHash("sha256").update(name).digest("base64url");
	return `cert:${hash.slice(0, 24)}`;
}

function commonName({ subject, fingerprint }: ClientCertificate): string {
	const line = subject.split("\n").find((each) => each.startsWith("CN="));
	return line?.slice("CN=".length) ?? (subject || fingerprint);
}
