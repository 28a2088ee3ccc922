// A caller in a process of its own.
import { createClient } from "@easyremote/client";
import { answer } from "../../support/answer.js";
import { type BesideRequest, callBesideBulk } from "./beside-client.js";

answer({
	beside: (request: BesideRequest) => callBesideBulk(createClient, request),
});
