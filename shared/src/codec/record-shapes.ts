/** Ids there are for shapes of records: those that one byte can name beside the integers up to 63. */
const IDS = 64;

/** Objects that have the same keys in the same order. */
export interface Shape {
	/** Its latest id; whether that is still its own, {@link RecordShapes.isCurrent} says. */
	id: number;
}

/** A shape, and those that begin with its keys. */
class ShapeNode implements Shape {
	id = -1;
	/** The key that most often comes next, first. */
	#key: string | undefined;
	#next: ShapeNode | undefined;
	#others: Map<string, ShapeNode> | undefined;

	with(key: string): ShapeNode {
		if (this.#key === key && this.#next) return this.#next;
		if (this.#next === undefined) {
			this.#key = key;
			this.#next = new ShapeNode();
			return this.#next;
		}
		this.#others ??= new Map();
		let node = this.#others.get(key);
		if (!node) {
			node = new ShapeNode();
			this.#others.set(key, node);
		}
		return node;
	}
}

/** The shapes of one body, each named by a small number from its second record on. */
export class RecordShapes {
	#root = new ShapeNode();
	readonly #owners: (Shape | undefined)[] = [];
	#given = 0;

	/** The shape of a record with these keys. */
	of(keys: readonly string[]): Shape {
		let node = this.#root;
		for (const key of keys) node = node.with(key);
		return node;
	}

	/** Whether the shape has an id that no other has got since. */
	isCurrent(shape: Shape): boolean {
		return shape.id >= 0 && this.#owners[shape.id] === shape;
	}

	/** Gives it the id that was given longest ago. */
	name(shape: Shape): void {
		shape.id = this.#given % IDS;
		this.#given += 1;
		this.#owners[shape.id] = shape;
	}

	/** Forgets all shapes. */
	clear(): void {
		if (this.#given === 0) return;
		this.#root = new ShapeNode();
		this.#owners.length = 0;
		this.#given = 0;
	}
}
