import { inspectFolder } from '../inspectFolder'
import { pageFolder, type PageHandler } from '../protocol/page/pageFolder'

/** The backend shows what is in it below this path. */
export const INSPECT_PREFIX = '/_inspect'

const files = pageFolder(inspectFolder)

/**
 * Files without a secret: the page asks for the admin key and keeps it for as long as its tab is open. What it shows comes from
 * `GET /api/inspect/…`, with the key in a header, never in an address.
 */
export const inspectPage: PageHandler = (request, response) => {
  const rest = (request.url ?? '').slice(INSPECT_PREFIX.length)
  request.url = rest.startsWith('/') ? rest : `/${rest}`
  files(request, response)
}
