export { createGateway } from "./create-gateway.js";
export type { Gateway, GatewayState } from "./gateway.js";
export type { GatewayOptions } from "./config/gateway-options.js";
export type {
	IdentityStore,
	KeyRecord,
	KeyRole,
	KeyStore,
	Store,
} from "./store/store.js";
