import { describe, expect, it } from "vitest";
import { certificatePrincipal } from "./certificate-principal.js";
import type { ClientCertificate } from "./client-certificate.js";

function certificate(
	subjectAltName: string | undefined,
	subject = "CN=laptop\nO=Example",
): ClientCertificate {
	return {
		trusted: true,
		subject,
		subjectAltName,
		fingerprint: "AA:BB",
		expiresAt: 5,
	};
}

describe("a certificate", () => {
	it("of a node is for that id, and stays the same principal when renewed", () => {
		const first = certificatePrincipal(
			certificate("URI:easyremote:node:gpu-1", "CN=old"),
		);
		expect(first).toEqual({
			id: "cert:node:gpu-1",
			subject: "gpu-1",
			anonymous: false,
			grants: ["node:gpu-1"],
			expiresAt: 5,
		});
		const renewed = certificatePrincipal(
			certificate("DNS:x, URI:easyremote:node:gpu-1", "CN=new"),
		);
		expect(renewed.id).toBe(first.id);
	});

	it("that says nothing is a client's", () => {
		const principal = certificatePrincipal(certificate("DNS:laptop.example"));
		expect(principal).toMatchObject({ subject: "laptop", grants: ["call:*"] });
		expect(principal.id).toMatch(/^cert:[\w-]{24}$/);
		expect(certificatePrincipal(certificate(undefined)).id).toBe(principal.id);
	});

	it("without a name goes by its fingerprint", () => {
		const one = certificatePrincipal(certificate(undefined, ""));
		expect(one.subject).toBe("AA:BB");
		expect(one.id).not.toBe(certificatePrincipal(certificate(undefined)).id);
	});

	it("may carry grants", () => {
		const { grants } = certificatePrincipal(
			certificate(
				"URI:easyremote:grant:call:gpu-*.resize, URI:easyremote:grant:admin",
			),
		);
		expect(grants).toEqual(["call:gpu-*.resize", "admin"]);
	});

	it.each([
		"URI:easyremote:node:*",
		"URI:easyremote:node:a.b",
		"URI:easyremote:nodes:gpu-1",
		"URI:easyremote:grant:everything",
		'URI:"easyremote:node:gpu-1, DNS:x"',
	])("with %s may do nothing", (names) => {
		expect(certificatePrincipal(certificate(names)).grants).toEqual([]);
	});
});
