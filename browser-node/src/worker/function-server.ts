import {
	collectFunctions,
	type FunctionEntry,
} from "@easyremote/shared/functions";
import { EasyRemoteError } from "@easyremote/shared/errors";
import type {
	FunctionCommand,
	FunctionReport,
} from "../ports/function-port.js";
import { describeThrown } from "../ports/thrown-error.js";
import { ServedCall } from "./served-call.js";

/** Answers calls of a module's functions on a port: the far end of `PooledWorker`. */
export class FunctionServer {
	readonly #port: MessagePort;
	readonly #entries = new Map<string, FunctionEntry>();
	readonly #calls = new Map<number, ServedCall>();

	constructor(port: MessagePort) {
		this.#port = port;
	}

	/** Says what there is, and begins to serve it. */
	serve(module: object): void {
		try {
			for (const entry of collectFunctions(module))
				this.#entries.set(entry.descriptor.name, entry);
		} catch (error) {
			this.refuse(error);
			return;
		}
		this.#port.onmessage = ({ data }: MessageEvent<FunctionCommand>) =>
			this.#take(data);
		this.#post({
			type: "ready",
			functions: Array.from(
				this.#entries.values(),
				({ descriptor }) => descriptor,
			),
		});
	}

	/** Says why there is nothing to serve. */
	refuse(error: unknown): void {
		this.#post({ type: "load_failed", error: describeThrown(error) });
	}

	/** Says that an error came up outside any call. */
	crashed(error: unknown): void {
		this.#post({ type: "crashed", error: describeThrown(error) });
	}

	#take(command: FunctionCommand): void {
		if (command.type !== "call") {
			this.#calls.get(command.call)?.take(command);
			return;
		}
		const { call, name } = command;
		const entry = this.#entries.get(name);
		if (!entry) {
			const error = new EasyRemoteError(
				"NOT_FOUND",
				`this Worker has no function "${name}"`,
			);
			this.#post({ type: "failed", call, error: describeThrown(error) });
			return;
		}
		const served = new ServedCall(entry, command, this.#post);
		this.#calls.set(call, served);
		void served.run().finally(() => this.#calls.delete(call));
	}

	readonly #post = (
		report: FunctionReport,
		transfer: Transferable[] = [],
	): void => {
		this.#port.postMessage(report, transfer);
	};
}
