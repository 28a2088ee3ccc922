import { expect, it } from "vitest";
import { NodePresence } from "./node-presence.js";

const profile = { kind: "compute", tags: ["gpu"] } as const;

function fixture() {
	const said: string[] = [];
	const presence = new NodePresence({
		joined: ({ nodeId, kind, tags }) =>
			said.push(`+${nodeId} ${kind} ${tags.join()}`),
		left: ({ nodeId }) => said.push(`-${nodeId}`),
	});
	const join = (connection: string) =>
		presence.joined("calc", connection, { ...profile, tags: ["gpu"] });
	return { said, presence, join };
}

it("tells of a node that comes and goes", () => {
	const { said, presence, join } = fixture();
	join("c1");
	presence.left("calc", "c1");
	join("c2");
	expect(said).toEqual(["+calc compute gpu", "-calc", "+calc compute gpu"]);
});

it("tells nothing of a node that takes over from its former connection", () => {
	const { said, presence, join } = fixture();
	join("c1");
	join("c2");
	presence.left("calc", "c1");
	expect(said).toEqual(["+calc compute gpu"]);
	presence.left("calc", "c2");
	presence.left("calc", "c2");
	expect(said).toEqual(["+calc compute gpu", "-calc"]);
});
