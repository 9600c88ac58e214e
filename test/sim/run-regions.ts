/**
 * Random regions by the thousand: `npm run region -- COUNT [FIRST SEED]`, 10000 from seed 1 unless said. A seed that fails is told and the rest goes on; the exit code
 * is 1 then. In CI cut into pieces by the first seed.
 */
import { runRandomRegion } from './random-region.ts'

const [count = 10_000, first = 1] = process.argv.slice(2).map(Number)
const failed: number[] = []
for (let seed = first; seed < first + count; seed++) {
  try {
    runRandomRegion(seed)
  } catch (error) {
    failed.push(seed)
    console.error(error instanceof Error ? error.message.split('\n')[0] : error)
  }
  if ((seed - first + 1) % 500 === 0) console.log(`${seed - first + 1} regions, ${failed.length} wrong`)
}
console.log(`${count} regions from seed ${first}, ${failed.length} wrong${failed.length > 0 ? `: ${failed.join(', ')}` : ''}`)
process.exitCode = failed.length > 0 ? 1 : 0
