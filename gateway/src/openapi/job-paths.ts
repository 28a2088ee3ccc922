import { JOB_STATUSES } from "@easyremote/shared/protocol";
import { errorReferences } from "./error-responses.js";

/** A job as `GET /api/jobs/{id}` shows it, for `components`. */
export const jobSchema = {
	type: "object",
	description: "A call that its caller does not wait for.",
	properties: {
		id: { type: "string" },
		status: { enum: JOB_STATUSES },
		function: { type: "string" },
		node: { type: "string" },
		callId: { type: "string" },
		progress: { type: "object" },
		createdAt: { type: "string", format: "date-time" },
		startedAt: { type: "string", format: "date-time" },
		endedAt: { type: "string", format: "date-time" },
		deadlineAt: { type: "string", format: "date-time" },
		expiresAt: { type: "string", format: "date-time" },
		error: { $ref: "#/components/schemas/problem" },
	},
	required: ["id", "status", "function", "createdAt", "deadlineAt"],
};

const job = {
	"application/json": { schema: { $ref: "#/components/schemas/job" } },
};

/** What a call answers with `Prefer: respond-async`, for `components`. */
export const jobBegun = {
	description: "The call goes on as a job.",
	headers: {
		location: {
			description: "Where the job is found.",
			schema: { type: "string" },
		},
	},
	content: job,
};

const id = {
	name: "id",
	in: "path",
	required: true,
	schema: { type: "string" },
};

/** Paths of jobs. */
export const jobPaths = {
	"/api/jobs": {
		get: {
			summary: "Jobs",
			description: "One's own, newest first, a page at a time.",
			tags: ["jobs"],
			parameters: [
				{ name: "limit", in: "query", schema: { type: "integer", minimum: 1 } },
				{
					name: "after",
					in: "query",
					description: "`next` of the page before.",
					schema: { type: "string" },
				},
			],
			responses: {
				200: {
					description: "A page of jobs.",
					content: {
						"application/json": {
							schema: {
								type: "object",
								properties: {
									jobs: {
										type: "array",
										items: { $ref: "#/components/schemas/job" },
									},
									next: { type: "string" },
								},
								required: ["jobs"],
							},
						},
					},
				},
				401: errorReferences["401"],
			},
		},
	},
	"/api/jobs/{id}": {
		parameters: [id],
		get: {
			summary: "What has become of a job",
			description: "With `Prefer: wait=30` it answers when the job is over.",
			tags: ["jobs"],
			responses: {
				200: { description: "The job.", content: job },
				404: errorReferences["404"],
			},
		},
		delete: {
			summary: "Cancel a job",
			tags: ["jobs"],
			responses: {
				200: { description: "The job, as it is now.", content: job },
				404: errorReferences["404"],
			},
		},
	},
	"/api/jobs/{id}/result": {
		parameters: [id],
		get: {
			summary: "Result of a job",
			description:
				"As the call itself would have been answered; a failed one with its problem.",
			tags: ["jobs"],
			responses: {
				200: { description: "What the function returned." },
				404: errorReferences["404"],
				409: errorReferences["409"],
			},
		},
	},
};
