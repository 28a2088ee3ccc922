export { AsyncQueue } from "./async-queue.js";
export { type Deferred, deferred } from "./deferred.js";
export { TaskScope } from "./task-scope.js";
