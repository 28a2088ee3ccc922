import { EasyRemoteNodeElement } from "./easyremote-node-element.js";

declare global {
	interface HTMLElementTagNameMap {
		"easyremote-node": EasyRemoteNodeElement;
	}
}

// The script may be on a page twice.
if (!customElements.get("easyremote-node"))
	customElements.define("easyremote-node", EasyRemoteNodeElement);
