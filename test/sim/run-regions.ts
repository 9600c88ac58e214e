/**
 * Random regions by the thousand: `npm run region -- COUNT [FIRST SEED] [triangles]`, 10000 from seed 1 unless said; with `triangles` three domains of mixed modes. A seed
 * that fails is told and the rest goes on; the exit code is 1 then. In CI cut into pieces by the first seed.
 */
import { runRandomRegion } from './random-region.ts'
import { runRandomTriangle } from './random-triangle.ts'

const args = process.argv.slice(2)
const [count = 10_000, first = 1] = args.filter((one) => one !== 'triangles').map(Number)
const runOne = args.includes('triangles') ? runRandomTriangle : runRandomRegion
const failed: number[] = []
let lost = 0
for (let seed = first; seed < first + count; seed++) {
  try {
    lost += runOne(seed)
  } catch (error) {
    failed.push(seed)
    console.error(error instanceof Error ? error.message.split('\n')[0] : error)
  }
  if ((seed - first + 1) % 500 === 0) console.log(`${seed - first + 1} regions, ${failed.length} wrong`)
}
console.log(`${lost} times all claimants of a MAC gave way to each other, and its next frame settled it`)
console.log(`${count} regions from seed ${first}, ${failed.length} wrong${failed.length > 0 ? `: ${failed.join(', ')}` : ''}`)
process.exitCode = failed.length > 0 ? 1 : 0
