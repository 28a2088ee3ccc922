import { expect, it } from "vitest";
import { watchConnection } from "./watch-connection.js";

function scope(connection: EventTarget | undefined) {
	const events = new EventTarget();
	return Object.assign(events, { navigator: { connection } });
}

it("hears of the way back and of every change, until it is told to stop", () => {
	const connection = new EventTarget();
	const browser = scope(connection);
	let heard = 0;
	const stop = watchConnection(browser, () => {
		heard += 1;
	});
	browser.dispatchEvent(new Event("online"));
	connection.dispatchEvent(new Event("change"));
	expect(heard).toBe(2);
	stop();
	browser.dispatchEvent(new Event("online"));
	connection.dispatchEvent(new Event("change"));
	expect(heard).toBe(2);
});

it("makes do with a browser that tells of the way back only", () => {
	const browser = scope(undefined);
	let heard = 0;
	watchConnection(browser, () => {
		heard += 1;
	})();
	browser.dispatchEvent(new Event("online"));
	expect(heard).toBe(0);
});
