export { gatewayLink } from "./gateway-link.js";
export type { Link, LinkEvents, LinkState } from "./link.js";
export { DEFAULT_RECONNECT, type LinkOptions } from "./link-options.js";
export { watchAddresses } from "./watch-addresses.js";
export type { ReconnectBounds } from "./reconnect-delay.js";
export { watchConnection } from "./watch-connection.js";
