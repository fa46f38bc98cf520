// Reads the secret of a link where no request carries it, the fragment; hands it to the session; takes it out of the
// address bar; keeps it for this tab, and on this device if the owner wants that.
const NAME = "ashore.link"

const read = (storage) => {
  try {
    const found = JSON.parse(storage.getItem(NAME))
    return found && typeof found.plan === "string" && typeof found.secret === "string" ? found : null
  } catch {
    return null
  }
}

const write = (storage, link) => {
  try {
    if (link) storage.setItem(NAME, JSON.stringify(link))
    else storage.removeItem(NAME)
  } catch {
    // A browser that keeps nothing asks for the link again after a reload.
  }
}

const fromAddress = () => {
  const address = new URL(location.href)
  if (!address.searchParams.has("plan")) return null
  // Some chats write the # as %23: then the secret sticks to the id.
  const [plan, ...stuck] = address.searchParams.get("plan").split("#")
  const link = { plan, secret: address.hash.slice(1) || stuck.join("#") }
  address.searchParams.delete("plan")
  address.hash = ""
  history.replaceState(history.state, "", address.pathname + address.search)
  return link
}

// What the device keeps may be another plan's link than the tab's.
const isRemembered = (link) => {
  const kept = read(localStorage)
  return kept !== null && (link === null || kept.plan === link.plan)
}

// Each order of the session is carried out once, however often the page is drawn anew.
let carriedOut = null

const carryOut = (order) => {
  if (!order || order.id === carriedOut) return
  carriedOut = order.id
  if (order.keep) write(sessionStorage, order.keep)
  if (order.remember !== undefined) write(localStorage, order.remember ? read(sessionStorage) : null)
  if (order.forget) {
    if (isRemembered(read(sessionStorage))) write(localStorage, null)
    write(sessionStorage, null)
  }
}

export default function ({ data, setStateValue }) {
  const tell = () => {
    const here = read(sessionStorage) ?? read(localStorage)
    const remembered = isRemembered(here)
    const isNew = here?.isNew === true
    const told = JSON.stringify({ plan: here?.plan ?? "", secret: here?.secret ?? "", remembered, isNew })
    if (data.told !== told) setStateValue("arrived", told)
  }
  const look = () => {
    const link = fromAddress()
    // The id alone, of the plan that is open here, is an address that was read before.
    if (link && (link.secret || read(sessionStorage)?.plan !== link.plan)) write(sessionStorage, link)
    tell()
  }
  carryOut(data.order)
  look()
  window.addEventListener("hashchange", look)
  window.addEventListener("popstate", look)
  return () => {
    window.removeEventListener("hashchange", look)
    window.removeEventListener("popstate", look)
  }
}
