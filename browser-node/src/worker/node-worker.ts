// The node Worker: gateway socket, heartbeats, sessions and the pool of function Workers, off the page's thread.
import { expose } from "comlink";
import { NodeService } from "./node-service.js";

expose(new NodeService());
