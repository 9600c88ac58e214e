import { z } from 'zod'

export const errorAnswer = z.strictObject({ error: z.string() })
