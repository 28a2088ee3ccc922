import { defineConfig } from "eslint/config";
import tseslint from "typescript-eslint";

const tests = ["**/*.test.ts", "test/**", "examples/**"];
const commandLines = ["*/src/cli/**"];

/** Node's globals, which must not be relied upon in code that also runs in browsers. */
const nodeGlobals = [
	"process",
	"Buffer",
	"global",
	"setImmediate",
	"clearImmediate",
	"require",
	"__dirname",
	"__filename",
];

const restrictedSyntax = [
	{ selector: "ExportDefaultDeclaration", message: "Name what you export." },
	{ selector: "TSEnumDeclaration", message: "Use an `as const` union." },
];

export default defineConfig(
	{ ignores: ["**/dist/**", "**/node_modules/**", "coverage/**"] },
	{ linterOptions: { reportUnusedDisableDirectives: "error" } },
	{
		files: ["**/*.ts", "**/*.tsx"],
		extends: [tseslint.configs.strictTypeChecked],
		languageOptions: {
			parserOptions: {
				projectService: true,
				tsconfigRootDir: import.meta.dirname,
			},
		},
		rules: {
			eqeqeq: "error",
			"no-console": "error",
			"no-restricted-syntax": ["error", ...restrictedSyntax],
			"@typescript-eslint/switch-exhaustiveness-check": [
				"error",
				{ considerDefaultExhaustiveForUnions: true },
			],
			"@typescript-eslint/consistent-type-imports": [
				"error",
				{ disallowTypeAnnotations: false },
			],
			// What is left of such an import would load the module all the same.
			"@typescript-eslint/no-import-type-side-effects": "error",
			"@typescript-eslint/no-unused-vars": [
				"error",
				{
					argsIgnorePattern: "^_",
					varsIgnorePattern: "^_",
					caughtErrorsIgnorePattern: "^_",
					ignoreRestSiblings: true,
				},
			],
			"@typescript-eslint/restrict-template-expressions": [
				"error",
				{ allowNumber: true, allowBoolean: true },
			],
			"@typescript-eslint/no-confusing-void-expression": [
				"error",
				{ ignoreArrowShorthand: true },
			],
			"@typescript-eslint/no-unnecessary-condition": [
				"error",
				{ allowConstantLoopConditions: "only-allowed-literals" },
			],
			"@typescript-eslint/no-invalid-void-type": [
				"error",
				{ allowAsThisParameter: true },
			],
			"@typescript-eslint/return-await": [
				"error",
				"error-handling-correctness-only",
			],
			// A generic that appears once documents a caller's type, as in `remote<typeof fn>(name)`.
			"@typescript-eslint/no-unnecessary-type-parameters": "off",
			// An async method without await fulfils an asynchronous interface (Store, Registry).
			"@typescript-eslint/require-await": "off",
			// Overloads with a doc comment each read better than one union.
			"@typescript-eslint/unified-signatures": "off",
		},
	},
	{
		files: ["shared/src/**", "client/src/**"],
		ignores: [...tests, ...commandLines, "client/src/node/**"],
		rules: {
			"no-restricted-globals": ["error", ...nodeGlobals, "window"],
		},
	},
	{
		// Time and chance are injected, so that every layer is testable without sleeping.
		files: ["shared/src/**"],
		ignores: [...tests, "shared/src/time/**", "shared/src/testing/**"],
		rules: {
			"no-restricted-globals": [
				"error",
				...nodeGlobals,
				"window",
				{ name: "setTimeout", message: "Take a Clock." },
				{ name: "setInterval", message: "Take a Clock." },
			],
			"no-restricted-properties": [
				"error",
				{ object: "Date", property: "now", message: "Take a Clock." },
				{ object: "performance", property: "now", message: "Take a Clock." },
				{
					object: "Math",
					property: "random",
					message: "Take a source of randomness.",
				},
			],
		},
	},
	{
		files: tests,
		rules: {
			"@typescript-eslint/no-non-null-assertion": "off",
			"@typescript-eslint/unbound-method": "off",
			"@typescript-eslint/no-empty-function": "off",
		},
	},
	{
		files: [...commandLines, "examples/**", "test/bench/**"],
		rules: { "no-console": "off" },
	},
	{ files: ["**/*.config.ts"], rules: { "no-restricted-syntax": "off" } },
);
