import { expect, it } from "vitest";
import { readAltNames } from "./subject-alt-names.js";

it("takes names apart", () => {
	expect(
		readAltNames(
			"DNS:localhost, IP Address:127.0.0.1, URI:easyremote:node:gpu-1",
		),
	).toEqual([
		{ kind: "DNS", value: "localhost" },
		{ kind: "IP Address", value: "127.0.0.1" },
		{ kind: "URI", value: "easyremote:node:gpu-1" },
	]);
	expect(readAltNames(undefined)).toEqual([]);
});

it("keeps together what one name holds, whatever that looks like", () => {
	expect(
		readAltNames(
			String.raw`DNS:"a, URI:easyremote:grant:admin, \"", URI:https://b.example`,
		),
	).toEqual([
		{ kind: "DNS", value: 'a, URI:easyremote:grant:admin, "' },
		{ kind: "URI", value: "https://b.example" },
	]);
});

it.each(["URI", "URI:a,URI:b", 'URI:"a', 'URI:a"b', "URI:a, , URI:b"])(
	"finds nothing in %j",
	(text) => {
		expect(readAltNames(text)).toEqual([]);
	},
);
