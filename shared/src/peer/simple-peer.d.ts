/** What is used of simple-peer 9.11; its own typings would bring all of Node's globals along. */
declare module "#simple-peer" {
	const SimplePeer: import("./simple-peer-like.js").SimplePeerCtor;
	export = SimplePeer;
}
