/** What a page's `SandboxFrames` is told to run. */
export interface SandboxBundle {
	/** Of the code, hex, as its offer says it. */
	readonly sha256: string;
	/** One ES module, UTF-8. */
	readonly code: ArrayBuffer;
	/** The donor and the manifest both allow WebGPU. */
	readonly webgpu: boolean;
}

/** What a page posts to a frame that has just loaded, with the port for all the rest. */
export const FRAME_BOOT = "easyremote-sandbox";

/** What the page says to the frame's script. */
export type FrameCommand =
	| {
			readonly type: "spawn";
			readonly worker: number;
			readonly boot: SandboxBoot;
	  }
	| { readonly type: "kill"; readonly worker: number }
	| { readonly type: "ping" };

/** What the frame's script says to the page. */
export type FrameReport =
	| { readonly type: "pong" }
	/** A Worker could not be started, or broke in a way it could not report itself. */
	| { readonly type: "failed"; readonly worker: number };

/** First and only message to a sandboxed Worker itself: all else goes over the port. */
export interface SandboxBoot {
	readonly port: MessagePort;
	readonly code: ArrayBuffer;
	readonly webgpu: boolean;
}
