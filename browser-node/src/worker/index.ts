export { serveFunctions } from "./serve-functions.js";
