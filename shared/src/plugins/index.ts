export { checkPlugins } from "./check-plugins.js";
export type {
	FailedCall,
	FinishedCall,
	Plugin,
	PluginCall,
	PluginHook,
	PluginNode,
} from "./plugin.js";
export {
	type PluginFailure,
	PluginHooks,
	type PluginHooksOptions,
	REFUSALS,
} from "./plugin-hooks.js";
export { quota, type QuotaOptions } from "./quota.js";
