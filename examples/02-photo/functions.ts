import { define } from "@easyremote/shared";
import sharp, { type Sharp } from "sharp";
import { z } from "zod";

const wishes = z.object({
	look: z.enum(["vivid", "mono", "sketch"]),
	/** Longest side of the answer, pixels. */
	size: z.number().int().min(16).max(8192).default(2048),
});

/** Takes the bytes of any usual image file, gives back those of a JPEG file. */
export const develop = define(
	{
		description: "Develop a photograph: vivid, mono or sketch",
		input: [z.instanceof(Uint8Array), wishes],
		timeout: "60s",
		idempotent: true,
	},
	async (call, photo, { look, size }) => {
		const box = { width: size, height: size };
		const image = sharp(photo)
			.rotate()
			.resize({ ...box, fit: "inside", withoutEnlargement: true });
		if (look === "vivid") image.modulate({ saturation: 1.5 }).linear(1.15, -14);
		else image.grayscale().normalise();
		const print = look === "sketch" ? await pencil(image) : image;
		call.signal.throwIfAborted();
		return new Uint8Array(await print.jpeg({ quality: 88 }).toBuffer());
	},
);

/** Dodges a grey picture with its own blurred negative, which leaves the edges. */
async function pencil(grey: Sharp): Promise<Sharp> {
	const paper = await grey
		.toColourspace("srgb")
		.png({ compressionLevel: 1 })
		.toBuffer();
	const negative = await sharp(paper)
		.negate()
		.blur(8)
		.png({ compressionLevel: 1 })
		.toBuffer();
	return sharp(paper).composite([{ input: negative, blend: "colour-dodge" }]);
}
