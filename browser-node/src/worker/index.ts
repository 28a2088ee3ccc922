export type { ReportLimits } from "./guarded-port.js";
export type { SpawnWorker } from "./pooled-worker.js";
export { type SandboxPage, SandboxedWorkers } from "./sandboxed-workers.js";
export { serveFunctions } from "./serve-functions.js";
export { WorkerPool, type WorkerPoolOptions } from "./worker-pool.js";
