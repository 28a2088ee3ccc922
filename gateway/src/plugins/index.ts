export { auditLog, type AuditLogOptions } from "./audit-log.js";
export {
	type FailedCall,
	type FinishedCall,
	type Plugin,
	type PluginCall,
	type PluginNode,
	quota,
	type QuotaOptions,
} from "@easyremote/shared/plugins";
