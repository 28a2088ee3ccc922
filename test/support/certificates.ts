import { webcrypto } from "node:crypto";
// Certificates of any kind, made in memory: openssl would write files, and Node.js itself only reads certificates.
import {
	BasicConstraintsExtension,
	cryptoProvider,
	type GeneralNameType,
	SubjectAlternativeNameExtension,
	X509CertificateGenerator,
} from "@peculiar/x509";

cryptoProvider.set(webcrypto as Crypto);

const ALGORITHM = { name: "ECDSA", namedCurve: "P-256", hash: "SHA-256" };
const DAY_MS = 86_400_000;

/** A certificate and its key, PEM. */
export interface Pem {
	readonly cert: string;
	readonly key: string;
}

/** What a certificate is to say. */
export interface CertificateFor {
	/** "CN=laptop". */
	readonly subject: string;
	readonly names?: readonly { type: GeneralNameType; value: string }[];
	/** It was good until yesterday. */
	readonly expired?: boolean;
}

/** What a gateway under test shows: it is reached by address and by name. */
export const GATEWAY: CertificateFor = {
	subject: "CN=gateway",
	names: [
		{ type: "dns", value: "localhost" },
		{ type: "ip", value: "127.0.0.1" },
	],
};

/** An authority that issues certificates. Two of the same name are still two. */
export class Authority {
	/** Its own certificate, PEM. */
	readonly cert: string;
	readonly #name: string;
	readonly #keys: CryptoKeyPair;
	static #serial = 1;

	private constructor(name: string, keys: CryptoKeyPair, cert: string) {
		this.#name = name;
		this.#keys = keys;
		this.cert = cert;
	}

	static async create(name = "CN=Test Authority"): Promise<Authority> {
		const keys = await newKeys();
		const made = await X509CertificateGenerator.createSelfSigned({
			serialNumber: Authority.#nextSerial(),
			name,
			keys,
			signingAlgorithm: ALGORITHM,
			notBefore: new Date(Date.now() - 10 * DAY_MS),
			notAfter: new Date(Date.now() + 10 * DAY_MS),
			extensions: [new BasicConstraintsExtension(true, undefined, true)],
		});
		return new Authority(name, keys, made.toString("pem"));
	}

	async issue({ subject, names, expired }: CertificateFor): Promise<Pem> {
		const keys = await newKeys();
		const made = await X509CertificateGenerator.create({
			serialNumber: Authority.#nextSerial(),
			subject,
			issuer: this.#name,
			publicKey: keys.publicKey,
			signingKey: this.#keys.privateKey,
			signingAlgorithm: ALGORITHM,
			notBefore: new Date(Date.now() - 5 * DAY_MS),
			notAfter: new Date(Date.now() + (expired ? -DAY_MS : DAY_MS)),
			extensions: names
				? [new SubjectAlternativeNameExtension([...names])]
				: [],
		});
		const key = await webcrypto.subtle.exportKey("pkcs8", keys.privateKey);
		return { cert: made.toString("pem"), key: toPem(key) };
	}

	static #nextSerial(): string {
		Authority.#serial += 1;
		return Authority.#serial.toString(16).padStart(4, "0");
	}
}

async function newKeys(): Promise<CryptoKeyPair> {
	return webcrypto.subtle.generateKey(ALGORITHM, true, ["sign", "verify"]);
}

function toPem(pkcs8: ArrayBuffer): string {
	const text = Buffer.from(pkcs8).toString("base64");
	const lines = text.match(/.{1,64}/g) ?? [];
	return `-----BEGIN PRIVATE KEY-----\n${lines.join("\n")}\n-----END PRIVATE KEY-----\n`;
}
