// A function Worker that imports the module it is told of.
import { onBoot } from "./serve-functions.js";

onBoot((server, { module = "" }) => {
	import(/* @vite-ignore */ module).then(
		(functions: object) => server.serve(functions),
		(error: unknown) => server.refuse(error),
	);
});
