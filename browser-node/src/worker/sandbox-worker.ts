// Boot code of the Workers in the sandbox. The build makes one script of it, which the sandbox's page carries.
import type { SandboxBoot } from "../ports/sandbox-port.js";
import { FunctionServer } from "./function-server.js";
import { limitReach } from "./sandboxed-reach.js";

addEventListener(
	"message",
	({ data }: MessageEvent<SandboxBoot>) => {
		const { port, code, webgpu } = data;
		const server = new FunctionServer(port);
		addEventListener("error", (event) => {
			// It is told here, so the frame need not hear of it.
			event.preventDefault();
			server.crashed(event.error ?? event.message);
		});
		addEventListener("unhandledrejection", (event) => {
			event.preventDefault();
			server.crashed(event.reason);
		});
		const url = URL.createObjectURL(
			new Blob([code], { type: "text/javascript" }),
		);
		limitReach(self, webgpu);
		void import(/* @vite-ignore */ url)
			.then(
				(functions: object) => server.serve(functions),
				(error: unknown) => server.refuse(error),
			)
			.finally(() => URL.revokeObjectURL(url));
	},
	{ once: true },
);
