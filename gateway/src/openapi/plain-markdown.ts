/** Characters that make CommonMark, or HTML in it, of a text. */
const MARKS = /[\\`*_[\]<>&~|#]/g;

/**
 * A stranger's text as Markdown that shows it letter by letter: descriptions in an OpenAPI document are Markdown, and
 * those who offer functions may put no links, pictures or markup before those who read about them.
 */
export function plainMarkdown(text: string): string {
	return text.replaceAll(MARKS, String.raw`\$&`);
}
