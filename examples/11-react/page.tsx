import { createClient } from "@easyremote/client";
import { StrictMode, useEffect, useState } from "react";
import { createRoot } from "react-dom/client";
import type * as Functions from "./functions.js";

const client = createClient({ gateway: location.origin });
const numbers = client.any<typeof Functions>();

/** Factors of a number; each render with another number cancels the call before, on the node too. */
function useFactors(number: number) {
	const [state, setState] = useState<{
		readonly text: string;
		readonly done?: number | undefined;
	}>({ text: "" });
	useEffect(() => {
		const left = new AbortController();
		const { signal } = left;
		setState({ text: "…" });
		const show = (text: string, done?: number) => {
			if (!signal.aborted) setState({ text, done });
		};
		const call = numbers.factors.with({
			signal,
			onProgress: (step) => {
				if (step.type === "progress") show("…", step.fraction);
			},
		})(number);
		call.then(
			(factors) => show(factors.join(" × ")),
			(error: unknown) => show(String(error)),
		);
		return () => left.abort();
	}, [number]);
	return state;
}

/** The first primes from a number on: leaving the loop ends the generator on the node. */
function usePrimes(from: number, count: number): readonly number[] {
	const [found, setFound] = useState<readonly number[]>([]);
	useEffect(() => {
		let left = false;
		setFound([]);
		const read = async () => {
			let read = 0;
			for await (const prime of numbers.primes(from)) {
				if (left) break;
				setFound((before) => [...before, prime]);
				read += 1;
				if (read === count) break;
			}
		};
		read().catch((error: unknown) => {
			if (!left) console.error(error);
		});
		return () => {
			left = true;
		};
	}, [from, count]);
	return found;
}

function App() {
	const [number, setNumber] = useState(600_851_475_143);
	const factors = useFactors(number);
	const primes = usePrimes(number, 5);
	return (
		<main>
			<h1>Factors</h1>
			<label>
				A whole number{" "}
				<input
					type="number"
					min={2}
					value={number}
					onChange={({ target }) => {
						if (target.valueAsNumber >= 2) setNumber(target.valueAsNumber);
					}}
				/>
			</label>
			<p>
				{number} = <output id="factors">{factors.text}</output>
			</p>
			{factors.done !== undefined && (
				<progress aria-label="Trial division" value={factors.done} />
			)}
			<h2>Primes from there on</h2>
			<ul id="primes">
				{primes.map((prime) => (
					<li key={prime}>{prime}</li>
				))}
			</ul>
		</main>
	);
}

const root = document.getElementById("root");
if (root)
	createRoot(root).render(
		<StrictMode>
			<App />
		</StrictMode>,
	);
