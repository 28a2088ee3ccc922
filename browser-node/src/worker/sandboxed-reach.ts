/**
 * Globals that published code may use: computing, and nothing that leaves the Worker. Whatever is not named here is
 * removed, so that what a newer browser adds stays out until somebody has looked at it. The Content Security Policy is
 * the boundary; this is depth, and covers what no policy covers.
 */
const ALLOWED = new Set(
	`Object Function Array Number Boolean String Symbol BigInt Math Date JSON RegExp Reflect Proxy Promise Iterator
	Error AggregateError EvalError RangeError ReferenceError SyntaxError TypeError URIError SuppressedError
	Map Set WeakMap WeakSet WeakRef FinalizationRegistry DisposableStack AsyncDisposableStack
	ArrayBuffer DataView Int8Array Uint8Array Uint8ClampedArray Int16Array Uint16Array Int32Array Uint32Array
	BigInt64Array BigUint64Array Float16Array Float32Array Float64Array Atomics WebAssembly Intl Temporal
	parseInt parseFloat isNaN isFinite NaN Infinity undefined globalThis self eval escape unescape
	encodeURI encodeURIComponent decodeURI decodeURIComponent
	setTimeout clearTimeout setInterval clearInterval queueMicrotask structuredClone reportError atob btoa scheduler
	addEventListener removeEventListener dispatchEvent onerror onunhandledrejection
	Event EventTarget CustomEvent ErrorEvent MessageEvent PromiseRejectionEvent AbortController AbortSignal DOMException
	MessageChannel MessagePort console performance Performance crypto Crypto CryptoKey SubtleCrypto
	TextEncoder TextDecoder TextEncoderStream TextDecoderStream CompressionStream DecompressionStream
	ReadableStream ReadableStreamDefaultReader ReadableStreamBYOBReader ReadableStreamDefaultController
	ReadableByteStreamController ReadableStreamBYOBRequest WritableStream WritableStreamDefaultWriter
	WritableStreamDefaultController TransformStream TransformStreamDefaultController
	ByteLengthQueuingStrategy CountQueuingStrategy
	Blob File FormData Headers Response URL URLSearchParams
	navigator location origin isSecureContext crossOriginIsolated
	WorkerGlobalScope DedicatedWorkerGlobalScope WorkerNavigator WorkerLocation
	ImageData ImageBitmap createImageBitmap Path2D DOMMatrix DOMMatrixReadOnly DOMPoint DOMPointReadOnly DOMRect
	DOMRectReadOnly DOMQuad`.split(/\s+/),
);

/** What of `navigator` may be used, with the GPU added where it is allowed. */
const ALLOWED_OF_NAVIGATOR = new Set([
	"constructor",
	"hardwareConcurrency",
	"language",
	"languages",
	"platform",
	"userAgent",
]);

/** Takes from this Worker's globals all that published code may not use. Call it before the code is imported. */
export function limitReach(scope: WorkerGlobalScope, webgpu: boolean): void {
	const { navigator } = scope;
	keepOnly(scope, (name) => ALLOWED.has(name) || (webgpu && isGpu(name)));
	keepOnly(
		navigator,
		(name) => ALLOWED_OF_NAVIGATOR.has(name) || (webgpu && name === "gpu"),
	);
}

/** WebGPU's interfaces, and the canvas to draw with it. */
function isGpu(name: string): boolean {
	return name.startsWith("GPU") || name === "OffscreenCanvas";
}

function keepOnly(object: object, keep: (name: string) => boolean): void {
	for (
		let owner: object | null = object;
		owner !== null && owner !== Object.prototype;
		owner = Reflect.getPrototypeOf(owner)
	) {
		for (const name of Object.getOwnPropertyNames(owner))
			if (name !== "constructor" && !keep(name))
				Reflect.deleteProperty(owner, name);
	}
}
