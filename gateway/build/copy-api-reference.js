// Copies Scalar's API reference, one file for browsers, to where the gateway serves it from: so users install neither
// it nor what it is made of. It comes in the package for Fastify, since @scalar/api-reference itself brings 240 MB of
// what it is built from; 1.46 is the last that runs on Node 20.
import { copyFileSync, mkdirSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";

const { resolve } = createRequire(import.meta.url);
const source = dirname(resolve("@scalar/fastify-api-reference"));
const target = join(import.meta.dirname, "../dist/docs");

mkdirSync(target, { recursive: true });
copyFileSync(
	join(source, "js/standalone.js"),
	join(target, "api-reference.js"),
);
copyFileSync(
	join(source, "../LICENSE"),
	join(target, "api-reference.LICENSE.txt"),
);
