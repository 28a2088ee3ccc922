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
export { pluginList } from "./plugin-list.js";
export { quota, type QuotaOptions } from "./quota.js";
