import { pathToFileURL } from "node:url";
import { EasyRemoteError } from "@easyremote/shared/errors";
import {
	type AnyFunction,
	collectFunctions,
	type FunctionEntry,
	functionEntry,
} from "@easyremote/shared/functions";
import type { FunctionTable } from "@easyremote/shared/host";
import { type FunctionSource, noModule } from "../executors/function-source.js";
import { loadModule } from "../modules/load-module.js";
import type {
	MethodContext,
	MethodDecorator,
	Register,
	RegisterOptions,
} from "./register.js";
import {
	type RegistrationForm,
	registrationForm,
} from "./registration-form.js";

interface LoadedModule {
	readonly url: URL;
	readonly options: RegisterOptions;
	/** Of its functions that are registered. */
	names: readonly string[];
}

/** Puts functions into a node's table, in whatever form they come, and remembers where they come from. */
export class Registrar {
	readonly #table: FunctionTable;
	readonly #sources = new WeakMap<FunctionEntry, FunctionSource>();
	readonly #loading = new Set<Promise<readonly string[]>>();
	/** What was registered by its URL, in that order. */
	readonly #modules: LoadedModule[] = [];

	constructor(table: FunctionTable) {
		this.#table = table;
	}

	/** Where worker threads can load a function from, if that is known. */
	readonly sourceOf = (entry: FunctionEntry): FunctionSource | undefined =>
		this.#sources.get(entry);

	/** Bound, since `@node.register` is called without its object. */
	readonly register: Register = ((...args: unknown[]) =>
		this.#take(registrationForm(args))) as Register;

	/** Resolves when every module that was registered by its URL has been loaded; rejects with the first failure. */
	async loaded(): Promise<void> {
		await Promise.all(this.#loading);
	}

	/**
	 * Loads anew what was registered by its URL, and exchanges the functions of each module at once. Rejects with what is
	 * wrong with one of them: then nothing is exchanged.
	 */
	async reload(): Promise<readonly string[]> {
		const loaded = await Promise.all(
			this.#modules.map(async (module) => {
				const exports = await loadModule(module.url.href, true);
				return { module, entries: this.#collect(exports, module.options) };
			}),
		);
		for (const { module, entries } of loaded) {
			this.#table.exchange(module.names, entries);
			module.names = entries.map(({ name }) => name);
		}
		return loaded.flatMap(({ module }) => module.names);
	}

	/** What `register` answers depends on the form: nothing, a promise, or a decorator. */
	#take(form: RegistrationForm): unknown {
		switch (form.kind) {
			case "function":
				this.#addOne(form.name, form.callee, form.options);
				return undefined;
			case "functions":
				this.#addAll(form.functions, form.options);
				return undefined;
			case "module":
				return this.#load(form.url, form.options);
			case "method":
				this.#decorate(form.method, form.context, {});
				return undefined;
			case "decorator":
				return ((method, context) => {
					this.#decorate(method, context, form.options);
				}) satisfies MethodDecorator;
			default:
				return form satisfies never;
		}
	}

	#addOne(name: string, callee: AnyFunction, options: RegisterOptions): void {
		const { module, ...functionOptions } = options;
		const entry = functionEntry(name, callee, functionOptions);
		this.#remember(entry, module, callee.name === "" ? name : callee.name);
		this.#table.add([entry]);
	}

	#addAll(functions: object, options: RegisterOptions): readonly string[] {
		const entries = this.#collect(functions, options);
		this.#table.add(entries);
		return entries.map(({ name }) => name);
	}

	#collect(
		functions: object,
		{ module, ...functionOptions }: RegisterOptions,
	): readonly FunctionEntry[] {
		const entries = collectFunctions(functions, functionOptions);
		if (entries.length === 0) throw nothingToRegister();
		for (const entry of entries) this.#remember(entry, module, entry.name);
		return entries;
	}

	/** @param name what the function is called in its module */
	#remember(
		entry: FunctionEntry,
		module: RegisterOptions["module"],
		name: string,
	): void {
		if (module !== undefined)
			this.#sources.set(entry, { module: moduleUrl(module), name });
		else if (entry.options.isolate === "worker") throw noModule(entry.name);
	}

	#load(url: URL, own: RegisterOptions): Promise<readonly string[]> {
		const options = { ...own, module: url };
		const load = async (): Promise<readonly string[]> => {
			const names = this.#addAll(await loadModule(url.href), options);
			this.#modules.push({ url, options, names });
			return names;
		};
		const loading = load();
		this.#loading.add(loading);
		// Whoever does not wait for it hears of a failure when the node is to serve.
		loading.catch(() => undefined);
		return loading;
	}

	#decorate(
		method: AnyFunction,
		context: MethodContext,
		options: RegisterOptions,
	): void {
		const { register } = this;
		const plain = method as (...args: unknown[]) => unknown;
		context.addInitializer(function () {
			register(String(context.name), plain.bind(this), options);
		});
	}
}

/** A module as a worker thread imports it: a URL, or the path of a file. */
function moduleUrl(module: string | URL): string {
	if (module instanceof URL) return module.href;
	return URL.canParse(module) ? module : pathToFileURL(module).href;
}

function nothingToRegister(): EasyRemoteError {
	return new EasyRemoteError(
		"INVALID_ARGUMENT",
		"there is no function to register in what register was given",
		{
			hint: "export functions by name; a default export is not taken",
		},
	);
}
