import uPlot from "uplot";

/** Points shown, one a second. */
const SECONDS = 120;

/** Calls a second over the last two minutes. */
export class ActivityChart {
	readonly #place: HTMLElement;
	readonly #rates: number[] = [];
	#plot: uPlot | undefined;
	#lastDone: number | undefined;

	constructor(place: HTMLElement) {
		this.#place = place;
		new ResizeObserver(() =>
			this.#plot?.setSize({ width: place.clientWidth, height: HEIGHT }),
		).observe(place);
		// Its colours are those of the moment it was made in.
		matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () =>
			this.#draw(true),
		);
	}

	/** Adds a second in which the count of calls done came to this. */
	add(callsDone: number): void {
		const before = Math.min(this.#lastDone ?? callsDone, callsDone);
		this.#lastDone = callsDone;
		this.#rates.push(callsDone - before);
		if (this.#rates.length > SECONDS) this.#rates.shift();
		this.#draw(false);
	}

	/** Begins anew. */
	clear(): void {
		this.#rates.length = 0;
		this.#lastDone = undefined;
		this.#plot?.destroy();
		this.#plot = undefined;
	}

	#draw(anew: boolean): void {
		const { length } = this.#rates;
		if (length === 0) return;
		const data: uPlot.AlignedData = [
			this.#rates.map((_, index) => index + 1 - length),
			this.#rates,
		];
		if (this.#plot && !anew) {
			this.#plot.setData(data);
			return;
		}
		this.#plot?.destroy();
		const colour = (name: string) =>
			getComputedStyle(this.#place).getPropertyValue(name).trim();
		const axis = {
			stroke: colour("--quiet"),
			font: "12px system-ui, sans-serif",
			grid: { stroke: colour("--line"), width: 1 },
			ticks: { show: false },
		};
		this.#plot = new uPlot(
			{
				width: this.#place.clientWidth,
				height: HEIGHT,
				legend: { show: false },
				cursor: { show: false },
				scales: {
					x: { time: false, range: [-SECONDS, 0] },
					y: { range: (_plot, _min, max) => [0, Math.max(1, max * 1.1)] },
				},
				axes: [
					{
						...axis,
						splits: [-120, -90, -60, -30, 0],
						values: (_plot, seconds) => seconds.map(howLongAgo),
					},
					{
						...axis,
						size: 40,
						incrs: [1, 2, 5, 10, 20, 50, 100, 200, 500, 1e3, 1e4],
					},
				],
				series: [
					{},
					{
						stroke: colour("--accent"),
						width: 2,
						fill: `${colour("--accent")}26`,
						points: { show: false },
					},
				],
			},
			data,
			this.#place,
		);
	}
}

const HEIGHT = 140;

function howLongAgo(seconds: number): string {
	return seconds === 0 ? "now" : `${-seconds} s ago`;
}
