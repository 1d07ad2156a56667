const NAME = '[a-zA-Z_:][a-zA-Z0-9_:]*'
const LABEL = String.raw`[a-zA-Z_][a-zA-Z0-9_]*="(?:[^"\\\n]|\\["\\n])*"`
/** As Go's `ParseFloat` takes it, which does not look at the case of "NaN". */
const VALUE = String.raw`[+-]?(?:\d+(?:\.\d+)?(?:e[+-]?\d+)?|Inf)|[Nn]a[Nn]`

const comment = new RegExp(
  `^# (?:HELP (${NAME}) .+|TYPE (${NAME}) (?:counter|gauge|histogram|summary|untyped))$`,
)
const sample = new RegExp(`^(${NAME})(?:\\{(${LABEL}(?:,${LABEL})*)\\})? (${VALUE})$`)

/**
 * The samples of a text in Prometheus's format 0.0.4, by name and labels as they are written there. Throws for a line that
 * the format does not have, a sample that stands twice, or one of a metric whose type was not said.
 * https://prometheus.io/docs/instrumenting/exposition_formats/
 */
export function parseMetrics(text: string): Map<string, number> {
  if (!text.endsWith('\n')) throw new Error('the last line does not end')
  const samples = new Map<string, number>()
  const typed = new Set<string>()
  for (const line of text.split('\n').filter((each) => each !== '')) {
    const told = comment.exec(line)
    if (told) {
      if (told[2] !== undefined) typed.add(told[2])
      continue
    }
    const [, name, labels, value] = sample.exec(line) ?? []
    if (name === undefined || value === undefined) throw new Error(`not of the format: ${line}`)
    if (!typed.has(name) && !typed.has(name.replace(/_(bucket|sum|count)$/, ''))) {
      throw new Error(`without a type: ${line}`)
    }
    const key = labels === undefined ? name : `${name}{${labels}}`
    if (samples.has(key)) throw new Error(`twice: ${line}`)
    samples.set(key, Number(value.replace('Inf', 'Infinity')))
  }
  return samples
}
