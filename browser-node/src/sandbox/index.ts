export type { SandboxBundle } from "../ports/sandbox-port.js";
export { SandboxFrames, type SandboxFramesOptions } from "./sandbox-frames.js";
