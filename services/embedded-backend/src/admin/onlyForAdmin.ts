import type { ApiRoute, FunctionApi } from '../protocol/http/FunctionApi'

/** The same routes, which answer to the admin key and to nothing else. */
export function onlyForAdmin(api: FunctionApi, routes: Record<string, ApiRoute>): Record<string, ApiRoute> {
  return Object.fromEntries(
    Object.entries(routes).map(([name, route]): [string, ApiRoute] => [
      name,
      async (request) => {
        await api.requireAdmin(request)
        return route(request)
      },
    ]),
  )
}
