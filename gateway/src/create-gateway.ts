import type { AddressInfo } from "node:net";
import { getRequestListener } from "@hono/node-server";
import { EasyRemoteError } from "@easyremote/shared/errors";
import { systemClock } from "@easyremote/shared/time";
import type { Hono } from "hono";
import pino from "pino";
import { createKey } from "./auth/create-key.js";
import {
	type GatewayOptions,
	type GatewaySettings,
	gatewayOptionsSchema,
} from "./config/gateway-options.js";
import { parseOptions } from "./config/parse-options.js";
import { whenDrained } from "./drain.js";
import type { Gateway, GatewayState } from "./gateway.js";
import { assembleGateway, type GatewayParts } from "./gateway-parts.js";
import type { HttpEnv } from "./http/http-env.js";
import { type HttpServer, openHttpServer } from "./http/http-server.js";
import { problemResponse } from "./http/problem.js";
import { createUpgradeDoor } from "./http/upgrade-door.js";
import { iceServersFor } from "./ice/ice-servers.js";
import { openBuiltinStun } from "./stun/open-builtin-stun.js";
import type { StunResponder } from "./stun/stun-responder.js";
import { readTlsMaterial, type TlsMaterial } from "./tls/tls-material.js";
import { TlsRenewal } from "./tls/tls-renewal.js";

/** When peers are asked to come back after a restart, ms. */
const RESTART_RETRY_MS = 1_000;

/**
 * Makes a gateway; `listen` starts it. Throws INVALID_ARGUMENT that names an unknown or invalid option, and UNAVAILABLE
 * if the store cannot be opened.
 *
 * @example
 * const gateway = createGateway({ port: 8080 });
 * await gateway.listen();
 * console.log(gateway.url);
 */
export function createGateway(options: GatewayOptions = {}): Gateway {
	return new ListeningGateway(
		parseOptions(gatewayOptionsSchema, options, "option"),
	);
}

class ListeningGateway extends EventTarget implements Gateway {
	readonly #settings: GatewaySettings;
	readonly #parts: GatewayParts;
	#state: GatewayState = "idle";
	#server: HttpServer | undefined;
	#stun: StunResponder | undefined;
	#tlsRenewal: TlsRenewal | undefined;
	#initialKey: string | undefined;
	#closing: Promise<void> | undefined;

	constructor(settings: GatewaySettings) {
		super();
		this.#settings = settings;
		const clock = settings.clock ?? systemClock;
		this.#parts = assembleGateway({
			settings,
			clock,
			log: settings.logger ?? pino({ level: "silent" }),
			ready: () => this.#state === "listening",
			iceServers: (asker) => {
				const { address } = this.address;
				const stun = this.#stun && { address, port: this.#stun.port };
				return iceServersFor(settings.ice, stun, asker, clock.now());
			},
		});
	}

	get app(): Hono<HttpEnv> {
		return this.#parts.app;
	}

	get state(): GatewayState {
		return this.#state;
	}

	get address(): AddressInfo {
		if (this.#server) return this.#server.address;
		throw new EasyRemoteError("UNAVAILABLE", "the gateway is not listening", {
			hint: "await gateway.listen() first.",
		});
	}

	get port(): number {
		return this.address.port;
	}

	get url(): string {
		const { address, family, port } = this.address;
		const wildcard = address === "0.0.0.0" || address === "::";
		const host = wildcard
			? "localhost"
			: family === "IPv6"
				? `[${address}]`
				: address;
		return `${this.#settings.tls ? "https" : "http"}://${host}:${port}`;
	}

	get developmentMode(): boolean {
		return this.#parts.authenticator.developmentMode;
	}

	get initialKey(): string | undefined {
		return this.#initialKey;
	}

	async listen(): Promise<void> {
		if (this.#state !== "idle") {
			throw new EasyRemoteError(
				"INVALID_ARGUMENT",
				`the gateway is ${this.#state}: it can be started once`,
				{
					hint: "Make another one with createGateway.",
				},
			);
		}
		try {
			// First what may fail: a key made for nothing would be shown to nobody.
			const { tls } = this.#settings;
			const material = tls && readTlsMaterial(tls);
			await this.#parts.authenticator.open();
			await this.#parts.bundles.open();
			await this.#parts.trust.load();
			await this.#parts.jobs.open();
			await this.#open(material);
			await this.#makeFirstKey();
			this.#warnOfOpenDoor();
		} catch (error) {
			await this.#release();
			throw error;
		}
		this.#parts.eventLoop.start();
		this.#become("listening");
	}

	close(): Promise<void> {
		this.#closing ??= this.#drainAndRelease();
		return this.#closing;
	}

	[Symbol.asyncDispose](): Promise<void> {
		return this.close();
	}

	/** Whoever sets up tokens or certificates may think that they are asked for already. */
	#warnOfOpenDoor(): void {
		const { auth, tls } = this.#settings;
		if (this.developmentMode && (auth.jwt || tls?.clientCa))
			this.#parts.log.warn(
				"development mode: until the first key is created, everything on this machine may connect and call without a credential",
			);
	}

	/** On a public address without any key, makes one. */
	async #makeFirstKey(): Promise<void> {
		const { authenticator, opened, clock } = this.#parts;
		if (authenticator.developmentMode || !authenticator.hasNoKeys) return;
		const { key } = await createKey(
			opened.store,
			{ role: "admin", name: "first start" },
			clock.now(),
		);
		this.#initialKey = key;
		await authenticator.refresh();
	}

	async #open(material: TlsMaterial | undefined): Promise<void> {
		const { host, port, tls, limits, ice } = this.#settings;
		const { app, door, policy, nodePolicy, proxies, clock, log } = this.#parts;
		const respond = getRequestListener(app.fetch, {
			// What is wrong with such a request is its Host or its path.
			errorHandler: () =>
				problemResponse(
					new EasyRemoteError(
						"INVALID_ARGUMENT",
						"the request line or the Host header is malformed",
					),
				),
		});
		const server = await openHttpServer({
			host,
			port,
			tls: material,
			limits,
			gate: this.#parts.gate,
			request: (incoming, outgoing) => void respond(incoming, outgoing),
			upgrade: createUpgradeDoor({
				limits,
				policies: { client: policy, node: nodePolicy },
				proxies,
				ready: () => this.#state === "listening",
				accept: (upgraded) => {
					door.accept(upgraded);
				},
			}),
		});
		this.#server = server;
		if (tls && material)
			this.#tlsRenewal = new TlsRenewal({
				sources: tls,
				material,
				renew: (renewed) => server.renewTls(renewed),
				clock,
				log,
			});
		if (ice.stun === "builtin")
			this.#stun = await openBuiltinStun(server.address, port !== 0, {
				clock,
				limits,
			});
	}

	async #drainAndRelease(): Promise<void> {
		if (this.#state === "closed") return;
		if (this.#state === "listening") {
			this.#become("draining");
			this.#parts.jobs.drain();
			this.#parts.door.drain("the gateway restarts", RESTART_RETRY_MS);
			await whenDrained({
				...this.#parts,
				timeoutMs: this.#settings.limits.drainTimeoutMs,
			});
		}
		await this.#release();
	}

	async #release(): Promise<void> {
		const { door, callers, routes, registry, authenticator, opened, jobs } =
			this.#parts;
		this.#parts.offers.close();
		this.#parts.eventLoop.stop();
		jobs.halt();
		callers.close();
		await jobs.close();
		await door.close();
		this.#tlsRenewal?.close();
		await this.#parts.hooks?.close();
		await this.#stun?.close();
		await this.#server?.close();
		routes.close();
		registry.close();
		authenticator.close();
		await this.#parts.shelf.close();
		await this.#parts.trust.close();
		if (opened.owned) await opened.store.close();
		this.#become("closed");
	}

	#become(state: GatewayState): void {
		this.#state = state;
		this.#parts.log.info({ state }, "gateway");
		this.dispatchEvent(
			new CustomEvent<GatewayState>("state", { detail: state }),
		);
	}
}
