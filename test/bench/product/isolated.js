import { define } from "@easyremote/shared";

/** What a pool of threads runs by itself. */
export const identity = (value) => value;

/** The same for a node: in a worker thread, which imports this file as it is. */
export const isolated = define({ isolate: "worker" }, (_call, value) => value);
