export {
	type Publication,
	publish,
	type PublishOptions,
} from "./publish/publish-module.js";
