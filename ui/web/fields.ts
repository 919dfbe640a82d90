/** Reading what a form sent, so that what is wrong is told beside the field it is in. */
import * as z from 'zod'

export interface Sent {
  /** `['scale', 'web']` is the field `scale.web`. */
  readonly path: readonly string[]
  readonly value: string
  readonly as: z.ZodType
}

/** Throws one ZodError with everything that is wrong. What is empty is taken back, and needs no check. */
export function checkFields(fields: readonly Sent[]): void {
  const filled = fields.filter(({ value }) => value !== '')
  const issues = filled.flatMap(({ path, value, as }) =>
    (as.safeParse(value).error?.issues ?? []).slice(0, 1).map((issue) => ({ ...issue, path: [...path] })),
  )
  if (issues.length > 0) throw new z.ZodRealError(issues)
}

/** Something that cannot be asked for, for a reason no single value has in it. */
export const refuse = (message: string, path: readonly string[] = []): never => {
  throw new z.ZodRealError([{ code: 'custom', path: [...path], message, input: undefined }])
}
