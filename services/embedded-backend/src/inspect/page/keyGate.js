import { AdminApi, KeyRefused } from './adminApi.js'
import { h } from './element.js'

const NAME = 'inspect:admin-key'
/** What cannot be part of a header, and so of no key. */
const UNFIT = /[^\x21-\x7e]/

/** Kept until the tab is closed; only in memory where storage is blocked. */
let kept = null
try {
  kept = sessionStorage.getItem(NAME)
} catch {
  // Asked for again after a reload.
}

export const keptKey = () => kept

export function keepKey(key) {
  kept = key
  try {
    if (key === null) sessionStorage.removeItem(NAME)
    else sessionStorage.setItem(NAME, key)
  } catch {
    // As above.
  }
}

/** Asks for the key until one is right; `problem` says why it is asked for again. */
export function showKeyGate(root, problem, onKey) {
  document.title = 'Inspect'
  const input = h('input', {
    ...{ id: 'key', name: 'key', type: 'password', autocomplete: 'off', spellcheck: 'false', required: true },
    'aria-describedby': 'key-where key-problem',
  })
  const said = h('p', { id: 'key-problem', class: 'problem', role: 'alert' }, problem ?? '')
  const button = h('button', { type: 'submit', class: 'primary' }, 'Open')
  const submit = async (event) => {
    event.preventDefault()
    button.disabled = true
    const wrong = await check(input.value.trim())
    button.disabled = false
    if (wrong === null) onKey(input.value.trim())
    else {
      said.replaceChildren(wrong)
      input.focus()
      input.select()
    }
  }
  const where = h(
    ...['p', { id: 'key-where', class: 'muted' }],
    ...['The backend keeps it in its data folder, for you alone: ', h('code', {}, 'cat .rollcall/admin-key')],
    '. This tab forgets it when it is closed.',
  )
  root.replaceChildren(
    h(
      ...['main', { class: 'gate' }, h('h1', {}, 'Inspect this backend')],
      h('form', { onsubmit: submit }, h('label', { for: 'key' }, 'Admin key'), input, where, said, button),
    ),
  )
  input.focus()
}

/** What is wrong with a key; null if nothing is. */
async function check(key) {
  if (key === '' || UNFIT.test(key)) return 'That cannot be a key: paste it whole, and nothing else.'
  try {
    await new AdminApi(key).get('/api/check_admin_key', {}, new AbortController().signal)
    return null
  } catch (error) {
    if (error instanceof KeyRefused)
      return 'That is not the key of this backend. Is it from the same data folder?'
    return `${error.message} Start it with pnpm start or pnpm dev, then try again.`
  }
}
