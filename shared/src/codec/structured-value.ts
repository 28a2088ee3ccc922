import { BodyCodec } from "./body-codec.js";
import { StructuredReader } from "./structured-reader.js";
import { StructuredWriter } from "./structured-writer.js";

/** The format of values that may refer to themselves. */
export const structuredValue = new BodyCodec(
	"structured",
	StructuredWriter,
	StructuredReader,
);
