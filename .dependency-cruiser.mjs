// Who may import whom. In shared each layer imports only what stands to its left;
// leaves (functions, routing, security, telemetry, cache, plugins) serve the layers from channel upwards.
const packages = [
	"shared",
	"gateway",
	"node-runtime",
	"browser-node",
	"client",
];
const leaves = [
	"functions",
	"routing",
	"security",
	"telemetry",
	"cache",
	"plugins",
];
const order = [
	["time", "async", "shapes"],
	["errors"],
	["codec"],
	["protocol"],
	leaves,
	["channel"],
	["session"],
	["peer", "link"],
	["host", "caller"],
];
const notTests = String.raw`\.test\.ts$`;
const folders = (names) => `^shared/src/(${names.join("|")})/`;

const layerRules = order.slice(0, -1).map((layer, level) => ({
	name: `shared-${layer.join("-")}-looks-left`,
	comment: "A layer imports only layers to its left.",
	severity: "error",
	from: { path: folders(layer), pathNot: notTests },
	to: { path: folders(order.slice(level + 1).flat()) },
}));

/** Layers that stand side by side know nothing of each other. */
const sideBySideRules = [
	"peer:link",
	"link:peer",
	"host:caller",
	"caller:host",
].map((pair) => {
	const [from, to] = pair.split(":");
	return {
		name: `shared-${from}-not-${to}`,
		severity: "error",
		from: { path: folders([from]), pathNot: notTests },
		to: { path: folders([to]) },
	};
});

const packageRules = packages.map((name) => ({
	name: `${name}-not-siblings`,
	comment: "Packages import shared, never each other.",
	severity: "error",
	from: { path: `^${name}/` },
	to: {
		path: `^(${packages.filter((other) => other !== name && other !== "shared").join("|")}|test|examples)/`,
	},
}));

const entryRules = packages.map((name) => ({
	name: `${name}-concrete-files-inside`,
	comment:
		"index.ts is for other packages; inside one, import the file that holds the thing.",
	severity: "error",
	from: { path: `^${name}/src/`, pathNot: String.raw`/index\.ts$` },
	to: {
		path: [
			String.raw`^${name}/src/index\.ts$`,
			String.raw`^${name}/src/.*/index\.ts$`,
		],
	},
}));

export default {
	forbidden: [
		...packageRules,
		...layerRules,
		...sideBySideRules,
		...entryRules,
		{
			name: "only-public-entries-outside",
			comment: "Other packages, tests and examples use entry points.",
			severity: "error",
			from: { path: "^([^/]+)/" },
			to: {
				path: `^(${packages.join("|")})/src/`,
				pathNot: [
					"^$1/",
					String.raw`^[^/]+/src/index\.ts$`,
					String.raw`^[^/]+/src/[^/]+/index\.ts$`,
				],
			},
		},
		{
			name: "testing-only-in-tests",
			comment: "Fakes and simulators never ship in product code.",
			severity: "error",
			from: {
				path: "^[^/]+/src/",
				pathNot: [notTests, "^shared/src/testing/"],
			},
			to: { path: "^shared/src/testing/" },
		},
		{
			name: "no-node-modules-in-portable-code",
			comment:
				"shared and client run unchanged in browsers; Node adapters live in client/src/{cli,node}.",
			severity: "error",
			from: {
				path: "^(shared|client|browser-node)/src/",
				pathNot: [notTests, "^client/src/(cli|node)/"],
			},
			to: { dependencyTypes: ["core"] },
		},
		{
			name: "node-adapters-stay-outside",
			comment: "Portable client code must not reach its Node adapters.",
			severity: "error",
			from: {
				path: "^client/src/",
				pathNot: [notTests, "^client/src/(cli|node)/"],
			},
			to: { path: "^client/src/(cli|node)/" },
		},
		{ name: "no-cycles", severity: "error", from: {}, to: { circular: true } },
		{
			name: "resolvable",
			severity: "error",
			from: {},
			to: { couldNotResolve: true },
		},
	],
	options: {
		doNotFollow: { path: "node_modules" },
		exclude: { path: "(^|/)dist/" },
		tsPreCompilationDeps: true,
		tsConfig: { fileName: "tsconfig.base.json" },
		enhancedResolveOptions: {
			exportsFields: ["exports"],
			conditionNames: [
				"@easyremote/source",
				"import",
				"types",
				"node",
				"default",
			],
			extensions: [".ts", ".tsx", ".js", ".d.ts"],
		},
	},
};
