/**
 * The one function that every node offers without its owner's doing: it takes bytes and gives as many back as it is
 * asked for, so that a path can be measured. No function of a user can have its name (`NAME_PATTERN`), and no listing
 * shows it. Arguments: bytes, and how many bytes to answer with, each at most `PROTOCOL.probeBytes`.
 */
export const PROBE_FUNCTION = "$probe";
