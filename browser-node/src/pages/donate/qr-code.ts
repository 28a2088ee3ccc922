import { encode } from "uqr";

const SVG = "http://www.w3.org/2000/svg";

/** A QR code (ISO/IEC 18004) of a text, as an image that says what it is. */
export function qrCode(text: string, label: string): SVGElement {
	const { data, size } = encode(text);
	const image = document.createElementNS(SVG, "svg");
	image.setAttribute("viewBox", `0 0 ${size} ${size}`);
	image.setAttribute("role", "img");
	image.setAttribute("aria-label", label);
	image.setAttribute("shape-rendering", "crispEdges");
	const path = document.createElementNS(SVG, "path");
	path.setAttribute(
		"d",
		data
			.flatMap((row, y) =>
				row.map((dark, x) => (dark ? `M${x} ${y}h1v1h-1z` : "")),
			)
			.join(""),
	);
	image.append(path);
	return image;
}
