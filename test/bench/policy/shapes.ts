/** Routes as they come. */
export interface Shape {
  readonly title: string
  readonly routes: number
  readonly perUpdate: number
  /** Attribute sets at most: a MED tells them apart, beside the VN. */
  readonly sets: number
  /** The ratio that fednva has set out to keep. */
  readonly most: number
}

const ROUTES = 100_000
const MOST = 1.3

export const SHAPES = {
  packed: { title: 'many with the same attributes', routes: ROUTES, perUpdate: 100, sets: 1, most: MOST },
  updates: { title: 'attributes for each UPDATE, of 100 routes', routes: ROUTES, perUpdate: 100, sets: 1000, most: MOST },
  sparse: { title: 'attributes and an UPDATE for each route', routes: ROUTES, perUpdate: 1, sets: ROUTES, most: MOST },
} as const satisfies Record<string, Shape>

export type ShapeName = keyof typeof SHAPES
