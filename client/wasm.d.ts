/** What `easyremote publish` makes of an import of WebAssembly: compiled, and yet to be instantiated. */
declare module "*.wasm" {
	const module: WebAssembly.Module;
	export default module;
}
