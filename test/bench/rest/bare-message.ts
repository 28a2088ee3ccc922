/** What stands before a body on its way between `bare-gateway.ts` and `bare-node.ts`: which call it is of. */
export const CALL_NUMBER_BYTES = 4;
