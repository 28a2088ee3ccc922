/** As the commands set it themselves, and the client's README advises to programs that move much; bare programs have it too. */
export const HEAP_FLAG = "--heap-growing-percent=400";
