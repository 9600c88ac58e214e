/** A set of small numbers, one bit each, that grows. */
export class Bitmap {
  /** With sign: one without may be more than a small integer, and then is an object when it is read where there may be none. */
  private words = new Int32Array(32)
  private total = 0
  /** No member lies in words below this one. */
  private lowest = 0

  /** Members. */
  get size(): number {
    return this.total
  }

  add(member: number): void {
    const word = member >>> 5
    if (word >= this.words.length) this.grow(word)
    const bit = 1 << (member & 31)
    if (this.words[word]! & bit) return
    this.words[word]! |= bit
    this.total++
    if (word < this.lowest) this.lowest = word
  }

  remove(member: number): void {
    const word = member >>> 5
    const bit = 1 << (member & 31)
    if (((this.words[word] ?? 0) & bit) === 0) return
    this.words[word]! &= ~bit
    this.total--
  }

  has(member: number): boolean {
    return ((this.words[member >>> 5] ?? 0) & (1 << (member & 31))) !== 0
  }

  /** Takes the lowest member out and returns it; -1 when there is none. */
  takeLowest(): number {
    if (this.total === 0) return -1
    let word = this.lowest
    while (this.words[word] === 0) word++
    this.lowest = word
    const bits = this.words[word]!
    const bit = 31 - Math.clz32(bits & -bits)
    this.words[word] = bits & (bits - 1)
    this.total--
    return word * 32 + bit
  }

  private grow(word: number): void {
    const larger = new Int32Array(Math.max(2 * this.words.length, word + 1))
    larger.set(this.words)
    this.words = larger
  }
}
