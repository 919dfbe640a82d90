/**
 * The same as what `make` gives, which is made when something of it is first asked for. A feature prepares all its
 * statements at once, and most panels start without anybody looking.
 */
export function onFirstUse<Made extends object>(make: () => Made): Made {
  let made: Made | undefined
  const target: Made = Object.create(null)
  return new Proxy(target, {
    get(_, name) {
      made ??= make()
      return Reflect.get(made, name)
    },
  })
}
