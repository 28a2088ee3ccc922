import { errorReferences } from "./error-responses.js";

const parameter = (name: string) => ({
	name,
	in: "path",
	required: true,
	schema: { type: "string" },
});

/** A published version, for `components`. */
export const bundleSchema = {
	type: "object",
	description: "A version of published code.",
	properties: {
		name: { type: "string" },
		version: { type: "string" },
		sha256: {
			type: "string",
			description: "Of the code; it is at `/bundles/{sha256}.js`.",
		},
		bytes: { type: "integer" },
		description: { type: "string" },
		isolation: { enum: ["reuse", "call"] },
		publisher: { type: "string" },
		publishedAt: { type: "string", format: "date-time" },
		newest: {
			type: "boolean",
			description: "Called by those who name no version.",
		},
		functions: { type: "array", items: { type: "object" } },
	},
	required: ["name", "version", "sha256", "bytes", "isolation", "functions"],
};

const bundle = { $ref: "#/components/schemas/bundle" };
const bundleContent = { "application/json": { schema: bundle } };

/** Paths of what is published. */
export const bundlePaths = {
	"/api/bundles": {
		get: {
			summary: "Bundles",
			description: "Published code that this caller may call or publish.",
			tags: ["bundles"],
			responses: {
				200: {
					description: "The list.",
					content: {
						"application/json": {
							schema: {
								type: "object",
								properties: { bundles: { type: "array", items: bundle } },
								required: ["bundles"],
							},
						},
					},
				},
				401: errorReferences["401"],
			},
		},
	},
	"/api/bundles/{name}": {
		parameters: [parameter("name")],
		delete: {
			summary: "Unpublish a bundle",
			description: "All its versions; donors stop offering them at once.",
			tags: ["bundles"],
			responses: {
				204: { description: "It is gone." },
				403: errorReferences["403"],
				404: errorReferences["404"],
			},
		},
	},
	"/api/bundles/{name}/{version}": {
		parameters: [parameter("name"), parameter("version")],
		put: {
			summary: "Publish a version",
			description:
				"A version never changes. `easyremote publish` makes bundle and manifest from a module.",
			tags: ["bundles"],
			requestBody: {
				required: true,
				content: {
					"application/json": {
						schema: {
							type: "object",
							properties: {
								manifest: bundle,
								code: {
									type: "string",
									description: "One ES module, 5 MiB at most.",
								},
							},
							required: ["manifest", "code"],
						},
					},
				},
			},
			responses: {
				200: {
					description: "Exactly this was published before.",
					content: bundleContent,
				},
				201: { description: "It is published.", content: bundleContent },
				400: errorReferences["400"],
				403: errorReferences["403"],
				409: errorReferences["409"],
				413: errorReferences["413"],
			},
		},
		delete: {
			summary: "Unpublish a version",
			tags: ["bundles"],
			responses: {
				204: { description: "It is gone." },
				403: errorReferences["403"],
				404: errorReferences["404"],
			},
		},
	},
};
