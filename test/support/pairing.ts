import { createClient } from "@easyremote/client";
import type { RtcImplementation } from "@easyremote/shared/peer";
import wrtc from "@roamhq/wrtc";
import type { Browser } from "playwright-core";
import * as functions from "./functions.js";
import { Network } from "./network.js";
import { type Probe, probeInPage } from "./page-probe.js";
import { addTestPage, openPage } from "./pages.js";
import { PathProbe } from "./path-probe.js";
import {
	removeCandidatesFromPage,
	rtcWithoutCandidates,
	wrtcWithoutCandidates,
} from "./without-candidates.js";

/** Who calls whom. */
export type PairingName =
	| "Node program → Node node"
	| "Node program → Node node, both on @roamhq/wrtc"
	| "page → Node node"
	| "page → tab node";

/** Every pairing that has to connect directly. */
export const PAIRINGS: readonly PairingName[] = [
	"Node program → Node node",
	"Node program → Node node, both on @roamhq/wrtc",
	"page → Node node",
	"page → tab node",
];

export interface PairingOptions {
	readonly browser: Browser;
	/** The caller's WebRTC finds no ICE candidate. */
	readonly withoutIce?: boolean;
}

const NODE_ID = "target";

/** A gateway, a node, and whatever callers a test asks for; `close()` of the network ends all. */
export class Pairing {
	readonly network: Network;
	readonly #name: PairingName;
	readonly #options: PairingOptions;

	private constructor(
		name: PairingName,
		network: Network,
		options: PairingOptions,
	) {
		this.#name = name;
		this.network = network;
		this.#options = options;
	}

	/** Brings up the gateway and the node, until the node is registered. */
	static async start(
		name: PairingName,
		options: PairingOptions,
	): Promise<Pairing> {
		const network = Network.prepare();
		await addTestPage(network.gateway);
		await network.listen();
		const pairing = new Pairing(name, network, options);
		try {
			if (name === "page → tab node") await pairing.#startTab();
			else await network.node(functions, { id: NODE_ID, ...otherRtc(name) });
		} catch (error) {
			await network.close();
			throw error;
		}
		return pairing;
	}

	/** A new caller, connected by nothing yet. */
	async caller(): Promise<Probe> {
		const { browser, withoutIce = false } = this.#options;
		const options = { gateway: this.network.url, nodeId: NODE_ID };
		if (this.#name.startsWith("Node program")) {
			const rtc = withoutIce
				? { rtc: blockedRtc(this.#name) }
				: otherRtc(this.#name);
			const create: typeof createClient = (settings) =>
				createClient({ ...settings, ...rtc });
			return this.network.own(new PathProbe(create, options));
		}
		const script = withoutIce ? removeCandidatesFromPage : undefined;
		const { page } = this.network.own(
			await openPage(browser, this.network.url, script),
		);
		return probeInPage(page, options);
	}

	async #startTab(): Promise<void> {
		const { browser } = this.#options;
		const { page } = this.network.own(
			await openPage(browser, this.network.url),
		);
		await page.evaluate(async (id) => {
			const node = window.browserNode.createBrowserNode({
				gateway: location.origin,
				id,
				module: new URL("/test/functions.js", location.href),
			});
			await node.start();
		}, NODE_ID);
	}
}

/** What `rtc` is in a pairing that does not take the default. */
function otherRtc(name: PairingName): { readonly rtc?: typeof wrtc } {
	return name.endsWith("@roamhq/wrtc") ? { rtc: wrtc } : {};
}

function blockedRtc(name: PairingName): RtcImplementation {
	return name.endsWith("@roamhq/wrtc")
		? wrtcWithoutCandidates
		: rtcWithoutCandidates;
}
