import { LateCode } from "../errors/late-code.js";

/** The code that sends arguments which stream. */
export const inputPumps = new LateCode(
	"arguments that stream",
	() => import("./input-pump.js"),
);
