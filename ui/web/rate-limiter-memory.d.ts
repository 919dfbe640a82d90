// The package's index also loads its Redis, cluster and SQL limiters; only the one in memory is wanted here.
declare module 'rate-limiter-flexible/lib/RateLimiterMemory.js' {
  import { RateLimiterMemory } from 'rate-limiter-flexible'
  export default RateLimiterMemory
}
