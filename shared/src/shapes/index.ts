export {
	dictionary,
	type Fields,
	list,
	object,
	type ObjectShape,
	optional,
	type ShapedFields,
	tagged,
} from "./composed.js";
export { Mismatch } from "./mismatch.js";
export { present } from "./present.js";
export { schemaOf, schemasOf } from "./schema-of.js";
export {
	boolean,
	converted,
	either,
	matching,
	nullable,
	number,
	numberFrom,
	oneOf,
	type Shape,
	type Shaped,
	string,
	textUpTo,
	that,
	unknown,
	wholeNumber,
} from "./shape.js";
