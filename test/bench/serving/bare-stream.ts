// Both ends of a bare stream: a generator whose items go out one by one through the forwarder, and its reader.
import { answer } from "../../support/answer.js";
import { type BarePipe, KIND, message, numberIn } from "../bare/pipe.js";
import { openWsPipe } from "../bare/ws-pipe.js";
import { numbers } from "../product/functions.js";

let pipe: BarePipe | undefined;

function opened(): BarePipe {
	if (!pipe) throw new Error("connect first");
	return pipe;
}

async function send(items: number): Promise<void> {
	const to = opened();
	for await (const item of numbers(items)) {
		to.send(message(KIND.chunk, item));
		const wait = to.ready();
		if (wait) await wait;
	}
}

answer({
	connect: async (url: string) => {
		pipe = await openWsPipe(url);
	},
	/** Sends as many numbers as the far end asks for. */
	serve: async () => {
		opened().onMessage((asked) => void send(numberIn(asked)));
	},
	/** Items per second. Throws if one is missing or out of order. */
	stream: async (items: number) => {
		const from = opened();
		const started = performance.now();
		let next = 0;
		await new Promise<void>((resolve, reject) => {
			from.onMessage((received) => {
				const item = numberIn(received);
				// Listeners of earlier rounds hear of it too.
				if (next === items) return;
				if (item !== next) reject(new Error(`${item} came instead of ${next}`));
				next += 1;
				if (next === items) resolve();
			});
			from.send(message(KIND.request, items));
		});
		return (items / (performance.now() - started)) * 1000;
	},
});
