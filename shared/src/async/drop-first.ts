/** Takes the first `count` items out of a list. One alone, the usual number, without the array that `splice` makes of it. */
export function dropFirst(list: unknown[], count: number): void {
	if (count === 1) list.shift();
	else if (count > 1) list.splice(0, count);
}
