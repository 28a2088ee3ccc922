// The function Worker of the donate page: runs the built-in demonstration.
import * as functions from "../donate/demo-functions.js";
import { serveFunctions } from "./serve-functions.js";

serveFunctions(functions);
