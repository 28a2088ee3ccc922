export { fromBase64, toBase64, toBase64Url } from "./base64.js";
export { COMPRESS_FROM_BYTES, compress, decompress } from "./compression.js";
export {
	byteLength,
	type EncodedValue,
	type ValueFormat,
} from "./encoded-value.js";
export { packEnvelope, unpackEnvelope } from "./envelope.js";
export { plainView } from "./own-bytes.js";
export {
	packValue,
	type PortableValue,
	unpackValue,
	VALUE_MEDIA_TYPE,
} from "./portable-value.js";
export { decodeValue, encodeValue } from "./value-codec.js";
export { MAX_VALUE_DEPTH, type ValueLimits } from "./value-limits.js";
