/**
 * Makes this tab the one donor of its browser profile: two would give twice what their owner chose. The answer gives that up;
 * undefined where another tab is it. Browsers without Web Locks count as having one tab.
 */
export async function becomeSoleDonor(): Promise<(() => void) | undefined> {
	const locks = (navigator as Partial<Navigator>).locks;
	if (!locks) return () => undefined;
	return new Promise((resolve, reject) => {
		locks
			.request("easyremote-donor", { ifAvailable: true }, (lock) => {
				if (!lock) {
					resolve(undefined);
					return undefined;
				}
				return new Promise<void>((release) => resolve(release));
			})
			.catch(reject);
	});
}
