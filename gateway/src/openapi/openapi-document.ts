import type { FunctionDescriptor, Provider } from "@easyremote/shared/protocol";
import { bundleFunctionName } from "@easyremote/shared/security";
import {
	type CalledFunction,
	callHeaders,
	callParameters,
	describeCall,
} from "./call-operation.js";
import type { Schema } from "./embedded-schema.js";
import { errorResponses, problemSchema } from "./error-responses.js";
import { bundlePaths, bundleSchema } from "./bundle-paths.js";
import type { VisibleBundle } from "../bundles/visible-bundles.js";
import { gatewayPaths } from "./gateway-paths.js";
import { jobBegun, jobPaths, jobSchema } from "./job-paths.js";

/** What a document is made of. */
export interface DocumentOptions {
	/** The nodes that the reader may see, with those of their functions that it may call. */
	readonly providers: readonly Provider[];
	/** What is published that the reader may call. */
	readonly bundles: readonly VisibleBundle[];
	/** Of the gateway. */
	readonly version: string;
	/** Whether the reader needs no credential for anything. */
	readonly open: boolean;
	/** Most that the document may take, bytes: functions of single nodes are left out where it would be more. */
	readonly maxBytes: number;
}

/** Section of functions called at any node that provides them. */
const ANY_NODE = "any node";

/** The OpenAPI 3.1 document of what can be called now, as JSON. */
export function openApiDocument(options: DocumentOptions): string {
	const any = [...anyNode(options), ...published(options)];
	const all = documentOf(options, [...any, ...eachNode(options)]);
	return Buffer.byteLength(all) <= options.maxBytes
		? all
		: documentOf(options, any);
}

function documentOf(
	{ version, open }: DocumentOptions,
	functions: readonly CalledFunction[],
): string {
	const paths: Record<string, unknown> = {};
	const components: Record<string, Schema> = {
		problem: problemSchema,
		job: jobSchema,
		bundle: bundleSchema,
	};
	const tags = new Set<string>();
	for (const called of functions) {
		const { operation, schemas } = describeCall(called);
		paths[`/api/${called.reference}`] = { post: operation };
		Object.assign(components, schemas);
		tags.add(called.tag);
	}
	return JSON.stringify({
		openapi: "3.1.0",
		info: {
			title: "EasyRemote gateway",
			version,
			description: DESCRIPTION,
		},
		tags: [...tags, "jobs", "bundles", "gateway"].map((name) => ({ name })),
		security: open ? [] : [{ bearer: [] }],
		paths: { ...paths, ...jobPaths, ...bundlePaths, ...gatewayPaths },
		components: {
			schemas: components,
			responses: { ...errorResponses, jobBegun },
			parameters: callParameters,
			headers: callHeaders,
			securitySchemes: {
				bearer: {
					type: "http",
					scheme: "bearer",
					description: "An API key (`er_…`) or a JWT.",
				},
			},
		},
	});
}

const DESCRIPTION =
	"Functions of the nodes that are connected now. `/api/{function}` runs at any node that provides it, `/api/{node.function}` at that one, and `/api/{bundle}/{function}` what is published, in browsers that donate: the newest version unless one is named, as in `/api/{bundle}@{version}/{function}`.";

/** Each function once, as the first node that offers it describes it. */
function anyNode({ providers, open }: DocumentOptions): CalledFunction[] {
	const byName = new Map<string, FunctionDescriptor>();
	for (const { functions } of providers) {
		for (const descriptor of functions)
			if (!isPublished(descriptor) && !byName.has(descriptor.name))
				byName.set(descriptor.name, descriptor);
	}
	return [...byName.values()]
		.sort((a, b) => a.name.localeCompare(b.name, "en"))
		.map((descriptor) => ({
			reference: descriptor.name,
			tag: ANY_NODE,
			descriptor,
			open,
		}));
}

function eachNode({ providers, open }: DocumentOptions): CalledFunction[] {
	return providers.flatMap(({ nodeId, functions }) =>
		functions
			.filter((each) => !isPublished(each))
			.map((descriptor) => ({
				reference: `${nodeId}.${descriptor.name}`,
				tag: nodeId,
				descriptor,
				open,
			})),
	);
}

/** In the newest version, whoever donates. */
function published({ bundles, open }: DocumentOptions): CalledFunction[] {
	return bundles.flatMap(({ name, functions }) =>
		functions.map((descriptor) => ({
			reference: bundleFunctionName(name, undefined, descriptor.name),
			tag: `bundle ${name}`,
			descriptor,
			open,
		})),
	);
}

function isPublished({ name }: FunctionDescriptor): boolean {
	return name.includes("/");
}
