// Whether the gateway beside this process answers: exit code 0 or 1. For containers, which mostly lack curl.
import { request } from "node:http";
import { request as requestTls } from "node:https";

const { EASYREMOTE_PORT: port = "8080", EASYREMOTE_TLS_CERT: certificate } =
	process.env;
const ask = certificate ? requestTls : request;
const options = {
	host: "127.0.0.1",
	port,
	path: "/healthz",
	timeout: 4_000,
	// The certificate is for the name that others use.
	rejectUnauthorized: false,
};
const asked = ask(options, (response) => {
	process.exit(response.statusCode === 200 ? 0 : 1);
});
asked.on("timeout", () => asked.destroy(new Error("no answer in time")));
asked.on("error", (error) => {
	process.stderr.write(`${error.message}\n`);
	process.exit(1);
});
asked.end();
