export * from "./call-messages.js";
export * from "./constants.js";
export { ControlEncoder, decodeControl } from "./control-codec.js";
export * from "./control-messages.js";
export * from "./packet.js";
export { PROBE_FUNCTION } from "./probe.js";
export * from "./provider.js";
export { NAME_PATTERN } from "./wire-types.js";
