import { describe, expect, it } from "vitest";
import {
	addressIn,
	ATTRIBUTE,
	errorIn,
	readStun,
	type StunMessage,
	stunRequest,
	writeStun,
} from "./stun-message.js";
import { longTermKey } from "./turn-allocation.js";

const hex = (text: string) => Buffer.from(text.replaceAll(" ", ""), "hex");
const transactionId = hex("b7e7a701bc34d686fa87dfae");

function answer(type: number, value: Buffer): StunMessage {
	return { type: 0x0101, transactionId, attributes: [[type, value]] };
}

describe("STUN messages", () => {
	it("are written and signed as the sample of RFC 5769 §2.4", () => {
		const user = { username: "マトリックス", credential: "TheMatrIX" };
		const written = writeStun(
			{
				type: 0x0001,
				transactionId: hex("78ad3433c6ad72c029da412e"),
				attributes: [
					[ATTRIBUTE.username, Buffer.from(user.username)],
					[ATTRIBUTE.nonce, Buffer.from("f//499k954d6OL34oL9FSTvy64sA")],
					[ATTRIBUTE.realm, Buffer.from("example.org")],
				],
			},
			longTermKey(user, "example.org"),
		);
		expect(written.subarray(0, 20)).toEqual(
			hex("00010060 2112a442 78ad3433c6ad72c029da412e"),
		);
		expect(written.subarray(-24)).toEqual(
			hex("00080014 f67024656dd64a3e02b8e0712e85c9a28ca89666"),
		);
	});

	it("carry addresses as the samples of RFC 5769 §2.2 and §2.3", () => {
		const four = answer(ATTRIBUTE.xorMappedAddress, hex("0001 a147 e112a643"));
		expect(addressIn(four, ATTRIBUTE.xorMappedAddress)).toBe("192.0.2.1:32853");
		const six = answer(
			ATTRIBUTE.xorMappedAddress,
			hex("0002 a147 0113a9faa5d3f179bc25f4b5bed2b9d9"),
		);
		expect(addressIn(six, ATTRIBUTE.xorMappedAddress)).toBe(
			"[2001:db8:1234:5678:11:2233:4455:6677]:32853",
		);
		expect(addressIn(four, ATTRIBUTE.xorRelayedAddress)).toBeUndefined();
	});

	it("come back as they were written", () => {
		const request = stunRequest(0x0003, [
			[ATTRIBUTE.realm, Buffer.from("abcde")],
			[ATTRIBUTE.lifetime, Buffer.alloc(4)],
		]);
		const read = readStun(writeStun(request));
		expect(read).toEqual(request);
	});

	it("say what is wrong", () => {
		const refusal = answer(
			ATTRIBUTE.errorCode,
			Buffer.concat([hex("00000401"), Buffer.from("Unauthorized ")]),
		);
		expect(errorIn(refusal)).toEqual({ code: 401, text: "Unauthorized" });
		expect(errorIn(answer(ATTRIBUTE.errorCode, hex("00")))).toBeUndefined();
	});

	it.each([
		["nothing", ""],
		[
			"another protocol",
			"16 fe fd 00 00 00 00 00 00 00 00 00 01 02 03 04 05 06 07 08",
		],
		["a wrong length", "0101 0004 2112a442 b7e7a701bc34d686fa87dfae"],
		[
			"an attribute that is longer than the message",
			"0101 0004 2112a442 b7e7a701bc34d686fa87dfae 8022 0fff",
		],
	])("are not read from %s", (_what, datagram) => {
		expect(readStun(hex(datagram))).toBeUndefined();
	});
});
