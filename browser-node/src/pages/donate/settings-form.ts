import { element, write } from "../element.js";
import type { DonateSettings } from "./settings.js";

const CHECKS = {
	webgpu: "webgpu",
	direct: "direct",
	pauseOnBattery: "battery",
	pauseOnMetered: "metered",
	pauseWhenHidden: "hidden",
	scheduled: "scheduled",
	keepAwake: "awake",
} as const satisfies Partial<Record<keyof DonateSettings, string>>;

/** The page's form of settings. */
export class SettingsForm {
	readonly #form = element("options", HTMLFormElement);
	readonly #cores = element("cores", HTMLInputElement);
	readonly #share = element("share", HTMLInputElement);
	readonly #memory = element("memory", HTMLSelectElement);
	readonly #from = element("from", HTMLInputElement);
	readonly #to = element("to", HTMLInputElement);
	readonly #key = element("key", HTMLInputElement);

	/** @param changed hears of every change that makes sense */
	constructor(changed: (settings: DonateSettings) => void) {
		this.#form.addEventListener("submit", (event) => event.preventDefault());
		this.#form.addEventListener("input", () => {
			this.#label();
			// A time that is being typed is none for a while.
			if (this.#form.checkValidity()) changed(this.read());
		});
	}

	/** Kept nowhere. */
	get key(): string | undefined {
		return this.#key.value.trim() || undefined;
	}

	read(): DonateSettings {
		return {
			cores: this.#cores.valueAsNumber,
			share: this.#share.valueAsNumber,
			memoryMb: Number(this.#memory.value),
			from: this.#from.value,
			to: this.#to.value,
			webgpu: checked("webgpu"),
			direct: checked("direct"),
			pauseOnBattery: checked("pauseOnBattery"),
			pauseOnMetered: checked("pauseOnMetered"),
			pauseWhenHidden: checked("pauseWhenHidden"),
			scheduled: checked("scheduled"),
			keepAwake: checked("keepAwake"),
		};
	}

	/**
	 * Shows what was kept; nothing can be changed before.
	 *
	 * @param cores of this machine
	 */
	show(settings: DonateSettings, cores: number): void {
		for (const part of this.#form.querySelectorAll("fieldset"))
			part.disabled = false;
		this.#cores.max = String(cores);
		this.#cores.value = String(settings.cores);
		this.#share.value = String(settings.share);
		this.#memory.value = String(settings.memoryMb);
		this.#from.value = settings.from;
		this.#to.value = settings.to;
		for (const [setting, id] of Object.entries(CHECKS))
			element(id, HTMLInputElement).checked =
				settings[setting as keyof typeof CHECKS];
		this.#label();
	}

	/** What the running donor was started with cannot be changed; all else can. */
	set running(running: boolean) {
		for (const control of this.#form.elements)
			if (
				(control instanceof HTMLInputElement ||
					control instanceof HTMLSelectElement) &&
				"fixed" in control.dataset
			)
				control.disabled = running;
	}

	#label(): void {
		label(this.#cores, `${this.#cores.value} of ${this.#cores.max}`);
		label(this.#share, `${this.#share.value} %`);
		element("hours", HTMLElement).hidden = !checked("scheduled");
	}
}

/** Says what a slider stands at, to eyes and to screen readers. */
function label(slider: HTMLInputElement, text: string): void {
	slider.ariaValueText = text;
	write(`${slider.id}-value`, text);
}

function checked(setting: keyof typeof CHECKS): boolean {
	return element(CHECKS[setting], HTMLInputElement).checked;
}
