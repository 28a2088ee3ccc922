/** Paths that a gateway has whatever is registered. */
export const gatewayPaths = {
	"/api": {
		get: {
			summary: "Functions",
			description: "What this caller may call, with schemas and nodes.",
			tags: ["gateway"],
			responses: listing("functions"),
		},
	},
	"/api/nodes": {
		get: {
			summary: "Nodes",
			description: "Nodes that this caller may see, with their state and load.",
			tags: ["gateway"],
			responses: listing("nodes"),
		},
	},
	"/healthz": {
		get: {
			summary: "Liveness",
			tags: ["gateway"],
			security: [],
			responses: { 200: { description: "The process answers." } },
		},
	},
	"/readyz": {
		get: {
			summary: "Readiness",
			tags: ["gateway"],
			security: [],
			responses: {
				200: { description: "New calls are taken." },
				503: { description: "It is starting or draining." },
			},
		},
	},
};

function listing(name: string) {
	const schema = {
		type: "object",
		properties: { [name]: { type: "array", items: { type: "object" } } },
		required: [name],
	};
	return {
		200: {
			description: "The list.",
			content: { "application/json": { schema } },
		},
		401: { $ref: "#/components/responses/error401" },
	};
}
