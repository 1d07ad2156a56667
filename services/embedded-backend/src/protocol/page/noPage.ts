import { replyText } from '../http/reply'
import type { PageHandler } from './pageFolder'

/** Without a page the address still says what it is. */
export const noPage: PageHandler = (request, response) => {
  if (request.url === '/') replyText(response, 200, 'A Convex backend is running here. It serves no page.\n')
  else replyText(response, 404, 'Not found\n')
}
