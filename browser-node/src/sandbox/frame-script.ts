// All of the script that the sandbox's document runs. It starts and ends Workers and evaluates nothing.
import {
	FRAME_BOOT,
	type FrameCommand,
	type FrameReport,
} from "../ports/sandbox-port.js";

/** Put here by the build: the `data:` URL of the Worker's boot code. */
declare const SANDBOX_WORKER: string;

const workers = new Map<number, Worker>();

addEventListener("message", function boot({ source, data, ports: [port] }) {
	if (source !== parent || data !== FRAME_BOOT || !port) return;
	removeEventListener("message", boot);
	port.onmessage = (event: MessageEvent<FrameCommand>) =>
		obey(event.data, (report) => port.postMessage(report));
});

function obey(command: FrameCommand, tell: (report: FrameReport) => void) {
	if (command.type === "ping") tell({ type: "pong" });
	else if (command.type === "kill") kill(command.worker);
	else {
		const { worker: id, boot } = command;
		const worker = new Worker(SANDBOX_WORKER, { type: "module" });
		workers.set(id, worker);
		worker.onerror = () => {
			if (kill(id)) tell({ type: "failed", worker: id });
		};
		worker.postMessage(boot, [boot.port, boot.code]);
	}
}

function kill(id: number): boolean {
	workers.get(id)?.terminate();
	return workers.delete(id);
}
