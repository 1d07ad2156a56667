import { httpRouter } from 'convex/server'
import { auth } from './auth'
import { scrape } from './metrics'

const http = httpRouter()

auth.addHttpRoutes(http)
http.route({ path: '/metrics', method: 'GET', handler: scrape })

export default http
