import { expect, it, onTestFinished } from "vitest";
import { pause } from "../time/pause.js";
import { systemClock } from "../time/system-clock.js";
import { TaskScope } from "./task-scope.js";

function untilAborted(signal: AbortSignal): Promise<never> {
	return new Promise((_resolve, reject) => {
		signal.addEventListener("abort", () => reject(signal.reason as Error));
	});
}

it("gives the result of a task, or its failure", async () => {
	const scope = new TaskScope();
	await expect(scope.run(() => Promise.resolve(7))).resolves.toBe(7);
	await expect(
		scope.run(() => Promise.reject(new Error("broken"))),
	).rejects.toThrow("broken");
});

it("aborts every task under way, and starts none afterwards", async () => {
	const scope = new TaskScope();
	const tasks = [scope.run(untilAborted), scope.run(untilAborted)];
	const settled = Promise.allSettled(tasks);
	scope.abort("closed");
	expect(await settled).toEqual([
		{ status: "rejected", reason: "closed" },
		{ status: "rejected", reason: "closed" },
	]);
	let started = false;
	const late = scope.run(async () => {
		started = true;
	});
	await expect(late).rejects.toBe("closed");
	expect(started).toBe(false);
});

it("leaves alone the signal of a task that is over", async () => {
	const scope = new TaskScope();
	const signal = await scope.run((own) => Promise.resolve(own));
	scope.abort();
	expect(signal.aborted).toBe(false);
});

it("may run many tasks at once without a warning of Node's", async () => {
	const warnings: Error[] = [];
	const listen = (warning: Error) => void warnings.push(warning);
	process.on("warning", listen);
	onTestFinished(() => void process.off("warning", listen));
	const scope = new TaskScope();
	const pauses = Array.from({ length: 40 }, () =>
		scope.run((signal) => pause(systemClock, 60_000, signal)),
	);
	scope.abort();
	await Promise.all(pauses);
	expect(warnings).toEqual([]);
});
