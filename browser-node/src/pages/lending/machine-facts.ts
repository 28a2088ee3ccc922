import type { MachineFacts } from "./pause-reason.js";

/** Battery Status and Network Information, which not every browser has and TypeScript does not know of. */
interface TellingNavigator {
	getBattery?(): Promise<EventTarget & { readonly charging: boolean }>;
	readonly connection?:
		| (EventTarget & {
				readonly saveData?: boolean;
				readonly type?: string;
		  })
		| undefined;
}

/** How often the time of day is looked at, ms. */
const LOOK_MS = 20_000;

/** Tells what the machine is like now, and again whenever that changes. */
export function watchMachine(changed: (facts: MachineFacts) => void): void {
	const telling = navigator as TellingNavigator;
	const { connection } = telling;
	let onBattery: boolean | undefined;
	const tell = (): void => {
		const now = new Date();
		changed({
			onBattery,
			metered:
				connection &&
				(connection.saveData === true || connection.type === "cellular"),
			hidden: document.visibilityState === "hidden",
			minuteOfDay: now.getHours() * 60 + now.getMinutes(),
		});
	};
	void telling.getBattery?.().then(
		(battery) => {
			const look = (): void => {
				onBattery = !battery.charging;
				tell();
			};
			battery.addEventListener("chargingchange", look);
			look();
		},
		// A page policy may deny it: then nothing is known, as elsewhere.
		() => undefined,
	);
	connection?.addEventListener("change", tell);
	document.addEventListener("visibilitychange", tell);
	setInterval(tell, LOOK_MS);
	tell();
}
