import { TLSSocket } from "node:tls";

/** A certificate that a TLS client has shown; that it holds the key is proven by the handshake. */
export interface ClientCertificate {
	/**
	 * Whether an authority of `tls.clientCa` has issued it, and it was in its time at the handshake. In one that is not
	 * trusted any name can stand.
	 */
	readonly trusted: boolean;
	/** Distinguished name, one attribute a line, as Node.js writes it; may be empty. */
	readonly subject: string;
	/** Subject alternative names, as Node.js writes them. */
	readonly subjectAltName: string | undefined;
	/** SHA-256 of the certificate, hex with colons. */
	readonly fingerprint: string;
	/** End of its validity, ms since the epoch. */
	readonly expiresAt: number;
}

/** Read once a connection: requests come often, and a certificate does not change. */
const known = new WeakMap<TLSSocket, ClientCertificate | undefined>();

/** The certificate shown on a connection; undefined without TLS, or where none was asked for or shown. */
export function readClientCertificate(
	socket: unknown,
): ClientCertificate | undefined {
	if (!(socket instanceof TLSSocket)) return undefined;
	if (!known.has(socket)) known.set(socket, read(socket));
	return known.get(socket);
}

function read(socket: TLSSocket): ClientCertificate | undefined {
	// `authorized` alone says nothing: it is true on a resumed TLS 1.3 session that never had a certificate.
	const certificate = socket.getPeerX509Certificate();
	if (!certificate) return undefined;
	// Undefined where it is empty, whatever its type says.
	const subject: unknown = certificate.subject;
	return {
		trusted: socket.authorized,
		subject: typeof subject === "string" ? subject : "",
		subjectAltName: certificate.subjectAltName,
		fingerprint: certificate.fingerprint256,
		expiresAt: Date.parse(certificate.validTo),
	};
}
