/** What a program run as a {@link import("./child.js").Child} does when asked. */
export type Commands = Readonly<
	Record<string, (argument: never) => Promise<unknown>>
>;

interface Question {
	readonly id: number;
	readonly command: string;
	readonly argument: unknown;
}

/** Answers the parent's questions until it goes away; the process then ends. */
export function answer(commands: Commands): void {
	const reply = async ({ id, command, argument }: Question) => {
		try {
			const run = commands[command];
			if (!run) throw new Error(`no command ${command}`);
			const value = await run(argument as never);
			process.send?.({ id, value });
		} catch (error) {
			process.send?.({ id, error: describe(error) });
		}
	};
	process.on("message", (question: Question) => void reply(question));
	process.on("disconnect", () => {
		process.exit();
	});
}

function describe(error: unknown): string {
	return error instanceof Error
		? (error.stack ?? error.message)
		: String(error);
}
