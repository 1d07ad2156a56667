import { empty, h, replaceInPlace } from '../element.js'
import { clockTime, duration } from '../words.js'

const KEPT = 500

/** The last finished calls and what they printed, newest first, as it happens. */
export function showLogs(root, { get, follow }) {
  const filter = h('input', { type: 'search', 'aria-label': 'Log contains', placeholder: 'Contains …' })
  const loud = h('input', { type: 'checkbox' })
  const failedOnly = h('input', { type: 'checkbox' })
  const paused = h('button', { type: 'button', 'aria-pressed': 'false' }, 'Pause')
  const list = h('ol', { class: 'log', 'aria-label': 'Calls, newest first' })
  const none = h('div', {}, empty('Nothing was called yet.'))
  const isPaused = () => paused.getAttribute('aria-pressed') === 'true'
  /** Newest first. */
  let entries = []
  let cursor = 0

  const draw = () => {
    const text = filter.value.trim().toLowerCase()
    const isWanted = ({ entry, searched }) =>
      searched.includes(text) &&
      (!loud.checked || entry.logLines.length > 0 || entry.error !== null) &&
      (!failedOnly.checked || entry.error !== null)
    const wanted = entries.filter(isWanted)
    replaceInPlace(list, ...wanted.map(({ item }) => item))
    none.hidden = wanted.length > 0
    none.replaceChildren(empty(entries.length > 0 ? 'No call is like that.' : 'Nothing was called yet.'))
  }
  for (const control of [filter, loud, failedOnly]) control.addEventListener('input', draw)
  paused.addEventListener('click', () => {
    paused.setAttribute('aria-pressed', String(!isPaused()))
    if (!isPaused()) draw()
  })

  const controls = h(
    ...['div', { class: 'controls' }, filter, h('label', {}, loud, 'with output')],
    ...[h('label', {}, failedOnly, 'failed'), paused],
  )
  let begun = false
  follow({
    everyMs: 0,
    load: () => get('/api/stream_function_logs', { cursor }),
    show: (answer) => {
      cursor = answer.newCursor
      const fresh = answer.entries.map((entry) => ({
        ...{ entry, item: toItem(entry), searched: JSON.stringify(entry).toLowerCase() },
      }))
      entries = [...fresh.reverse(), ...entries].slice(0, KEPT)
      if (!isPaused()) draw()
      if (begun) return
      begun = true
      root.replaceChildren(h('div', { class: 'bar' }, h('h2', {}, 'Logs'), controls), list, none)
    },
  })
}

function toItem({ timestamp, udfType, identifier, executionTime, logLines, error }) {
  const head = h(
    ...[
      'p',
      {},
      h('time', { datetime: new Date(timestamp * 1000).toISOString() }, clockTime(timestamp * 1000)),
    ],
    ...[
      h('span', { class: 'muted kind' }, udfType === 'HttpAction' ? 'http' : udfType.toLowerCase()),
      h('code', {}, identifier),
    ],
    h('span', { class: 'muted' }, duration(executionTime * 1000)),
  )
  const lines = logLines.map(({ level, messages }) =>
    h(
      'pre',
      { class: level === 'ERROR' ? 'problem' : null },
      `${level.toLowerCase()}  ${messages.join(' ')}`,
    ),
  )
  return h('li', {}, head, ...lines, error === null ? null : h('pre', { class: 'problem' }, `✕ ${error}`))
}
