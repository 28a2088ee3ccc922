import { parseReference } from "@easyremote/shared/caller";
import { packEnvelope } from "@easyremote/shared/codec";
import { EasyRemoteError } from "@easyremote/shared/errors";
import {
	FUNCTION_NAME_PATTERN,
	NAME_PATTERN,
} from "@easyremote/shared/protocol";
import { parseApiKey } from "@easyremote/shared/security";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { readBearer } from "./bearer.js";
import { readAccept } from "./accept.js";
import { readCallInput } from "./call-input.js";
import { readContentType } from "./content-type.js";

/** Runs a parser, and fails on any error but one with that code. */
function orRefuse<T>(parse: () => T, code: string): T | undefined {
	try {
		return parse();
	} catch (error) {
		expect(error).toBeInstanceOf(EasyRemoteError);
		expect(error).toMatchObject({ code });
		return undefined;
	}
}

const RUNS = { numRuns: 3_000 };
/** Any text, and text out of what means something to the parsers here. */
const text = fc.oneof(
	fc.string({ unit: "binary" }),
	fc
		.array(
			fc.constantFrom(
				...["Bearer", "bearer", " ", "\t", "er_", "abcdefgh", "_", ".", ","],
				...["application/", "json", "msgpack", ";", "q=0", "*/*", "\0", "%2e"],
				...["a", "é", "/", "__proto__", "-", "A".repeat(43), "\r\n"],
			),
			{ maxLength: 8 },
		)
		.map((parts) => parts.join("")),
);
const types = fc.constantFrom(
	"application/json",
	"application/msgpack",
	"application/octet-stream",
);

describe("whatever comes in", () => {
	it("as a body is a call, or INVALID_ARGUMENT", () => {
		const body = fc.oneof(
			fc.uint8Array({ maxLength: 100 }),
			fc.jsonValue().map((value) => packEnvelope(value)),
			fc
				.record({ args: fc.jsonValue(), kwargs: fc.jsonValue() })
				.map((value) => packEnvelope(value)),
		);
		fc.assert(
			fc.property(
				fc.oneof(types, text),
				body,
				fc.option(fc.oneof(text, fc.json()), { nil: undefined }),
				fc.option(text, { nil: undefined }),
				(contentType, bytes, args, contentEncoding) => {
					const request = { contentType, contentEncoding, body: bytes, args };
					orRefuse(() => readCallInput(request, 100), "INVALID_ARGUMENT");
				},
			),
			RUNS,
		);
	});

	it("as arguments in MessagePack arrives as such", () => {
		fc.assert(
			fc.property(
				fc.array(fc.oneof(fc.integer(), fc.string(), fc.boolean())),
				(args) => {
					const body = packEnvelope({ args });
					expect(
						readCallInput(
							{
								contentType: "application/msgpack",
								contentEncoding: undefined,
								body,
								args: undefined,
							},
							100,
						),
					).toEqual({ args });
				},
			),
		);
	});

	it("as a credential is a token without blanks, or UNAUTHENTICATED", () => {
		fc.assert(
			fc.property(text, (header) => {
				const token = orRefuse(() => readBearer(header), "UNAUTHENTICATED");
				expect(token ?? "x").toMatch(/^[!-~]+$/);
			}),
			RUNS,
		);
	});

	it("as a key is of the form of one, or none", () => {
		fc.assert(
			fc.property(text, (key) => {
				const parsed = parseApiKey(key);
				if (parsed) expect(key).toBe(`er_${parsed.id}${key.slice(11)}`);
			}),
			RUNS,
		);
	});

	it("as a reference is names only, or INVALID_ARGUMENT", () => {
		fc.assert(
			fc.property(text, (reference) => {
				const target = orRefuse(
					() => parseReference(reference),
					"INVALID_ARGUMENT",
				);
				if (!target) return;
				const { node, function: called } = target;
				expect([...(node ? [node] : []), called].join(".")).toBe(reference);
				expect(node ?? called).toMatch(
					node ? NAME_PATTERN : FUNCTION_NAME_PATTERN,
				);
				expect(called).toMatch(FUNCTION_NAME_PATTERN);
			}),
			RUNS,
		);
	});

	it("as Accept or Content-Type asks for something we have, or is INVALID_ARGUMENT", () => {
		fc.assert(
			fc.property(text, (header) => {
				const accepted = orRefuse(() => readAccept(header), "INVALID_ARGUMENT");
				if (accepted) {
					expect(["json", "msgpack"]).toContain(accepted.values);
					expect(["events", "lines"]).toContain(accepted.stream);
				}
				expect(readContentType(header).type).not.toContain(";");
			}),
			RUNS,
		);
	});
});
