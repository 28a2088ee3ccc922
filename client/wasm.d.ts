/** What `easyremote publish` makes of an import of WebAssembly: compiled, and yet to be instantiated. */
declare module "*.wasm" {
	const module: WebAssembly.Module;
	// eslint-disable-next-line no-restricted-syntax -- that is the form of such imports
	export default module;
}
