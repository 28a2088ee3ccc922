import { BodyCodec } from "./body-codec.js";
import { ValueReader } from "./value-reader.js";
import { ValueWriter } from "./value-writer.js";

/** The format that values have unless somebody asks for another. */
export const msgpackValue = new BodyCodec("msgpack", ValueWriter, ValueReader);
