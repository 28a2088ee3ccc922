import type { Page } from "playwright-core";
import type { PathProbe, ProbeOptions } from "./path-probe.js";

/** What can be asked of a caller, wherever it runs. */
export type Probe = Pick<
	PathProbe,
	| "transport"
	| "untilDirect"
	| "echo"
	| "mangledKinds"
	| "echoBesideSmall"
	| "stream"
	| "close"
>;

declare global {
	interface Window {
		currentProbe: PathProbe;
	}
}

/** A caller inside a test page. */
export async function probeInPage(
	page: Page,
	options: ProbeOptions,
): Promise<Probe> {
	await page.evaluate((settings) => {
		const { PathProbe } = window.probe;
		window.currentProbe = new PathProbe(
			window.easyremote.createClient,
			settings,
		);
	}, options);
	return {
		transport: () => page.evaluate(() => window.currentProbe.transport()),
		untilDirect: () => page.evaluate(() => window.currentProbe.untilDirect()),
		echo: (bytes, transport) =>
			page.evaluate(([size, path]) => window.currentProbe.echo(size, path), [
				bytes,
				transport,
			] as const),
		mangledKinds: (transport) =>
			page.evaluate(
				(path) => window.currentProbe.mangledKinds(path),
				transport,
			),
		echoBesideSmall: (bytes, transport) =>
			page.evaluate(
				([size, path]) => window.currentProbe.echoBesideSmall(size, path),
				[bytes, transport] as const,
			),
		stream: (direction, bytes, transport) =>
			page.evaluate((args) => window.currentProbe.stream(...args), [
				direction,
				bytes,
				transport,
			] as const),
		close: () => page.evaluate(() => window.currentProbe.close()),
	};
}
