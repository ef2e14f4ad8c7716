const arrayTypes = { uint32: Uint32Array, int32: Int32Array, float64: Float64Array } as const;

/** A growing list of numbers at 4 or 8 bytes each; a day of video has millions of samples. */
export class NumberList {
  readonly #kind: keyof typeof arrayTypes;
  #values: Uint32Array | Int32Array | Float64Array;
  #length = 0;

  constructor(kind: keyof typeof arrayTypes) {
    this.#kind = kind;
    this.#values = new arrayTypes[kind](1024);
  }

  get length(): number {
    return this.#length;
  }

  push(value: number): void {
    if (this.#length === this.#values.length) {
      const larger = new arrayTypes[this.#kind](this.#length * 2);
      larger.set(this.#values);
      this.#values = larger;
    }
    this.#values[this.#length] = value;
    this.#length += 1;
  }

  /** The value at `index`, which must be below `length`. */
  at(index: number): number {
    return this.#values[index] ?? 0;
  }

  /** Adds to the last value. */
  addToLast(amount: number): void {
    this.#values[this.#length - 1] = this.at(this.#length - 1) + amount;
  }
}
