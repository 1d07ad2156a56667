import { Refused } from '../adminApi.js'
import { empty, h } from '../element.js'
import { bytes, clockMoment, count } from '../words.js'

const PER_PAGE = 25
const PREVIEW = 160

/** A table's documents, a page at a time; they stay as they were read until somebody asks for others. */
export function showDocuments(root, table, { get, failed, signal }) {
  const heading = h('h2', { tabindex: -1 }, table)
  const size = h('p', { class: 'muted', role: 'status' })
  const list = h('div', { class: 'rows' }, empty('Loading…'))
  /** Where each page up to the shown one begins. */
  let cursors = [undefined]
  let next = null

  const load = async (wanted) => {
    root.setAttribute('aria-busy', 'true')
    try {
      const cursor = wanted.at(-1)
      const query = { table, limit: PER_PAGE, ...(cursor === undefined ? {} : { cursor }) }
      const answer = await get('/api/inspect/documents', query)
      cursors = wanted
      next = answer.isDone ? null : answer.continueCursor
      show(answer)
    } catch (error) {
      if (signal.aborted) return
      if (error instanceof Refused)
        list.replaceChildren(h('p', { class: 'problem', role: 'alert' }, error.message))
      else failed(error)
    } finally {
      root.removeAttribute('aria-busy')
    }
  }

  const newest = h('button', { type: 'button', onclick: () => load([undefined]) }, 'Newest')
  const newer = h('button', { type: 'button', onclick: () => load(cursors.slice(0, -1)) }, '← Newer')
  const older = h('button', { type: 'button', onclick: () => load([...cursors, next]) }, 'Older →')

  const show = ({ page, documents, bytes: taken }) => {
    const first = (cursors.length - 1) * PER_PAGE + 1
    const range = page.length === 0 ? '' : `, ${count(first)} to ${count(first + page.length - 1)} shown`
    size.replaceChildren(
      `${count(documents)} ${documents === 1 ? 'document' : 'documents'}, ${bytes(taken)}${range}`,
    )
    list.replaceChildren(...(page.length === 0 ? [empty('No documents.')] : page.map(row)))
    newer.disabled = cursors.length === 1
    older.disabled = next === null
    // A button that was pressed and can do no more would leave the keyboard nowhere.
    if (document.activeElement === document.body) heading.focus({ preventScroll: true })
    list.scrollTop = 0
  }

  newer.disabled = older.disabled = true
  const paging = h('div', { class: 'paging' }, newest, newer, older)
  root.replaceChildren(h('div', { class: 'bar' }, heading, size, paging), list)
  void load(cursors)
}

function row(document) {
  const { _id: id, _creationTime: created, ...fields } = document
  const preview = JSON.stringify(fields)
  const shown = preview.length > PREVIEW ? `${preview.slice(0, PREVIEW)}…` : preview
  return h(
    ...['details', {}, h('summary', {}, clockMoment(created), h('code', { class: 'preview' }, shown))],
    h('pre', { tabindex: 0, 'aria-label': `Document ${id}` }, JSON.stringify(document, undefined, 2)),
  )
}
