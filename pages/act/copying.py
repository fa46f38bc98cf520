"""Two buttons that only a browser can do something about: copy a text, print the page."""

from streamlit.components.v2 import component

from pages.shared.words import Words

_HTML = '<div><button type="button"></button><button type="button"></button><span role="status"></span></div>'
_CSS = """
div { display: flex; flex-wrap: wrap; align-items: center; gap: 0.5rem; font-family: var(--st-font); }
button {
  min-height: 2.75rem; padding: 0.25rem 0.75rem; font: inherit; font-size: 1rem; color: var(--st-text-color);
  background: var(--st-background-color); border: 1px solid var(--st-border-color);
  border-radius: var(--st-button-radius); cursor: pointer;
}
button:hover, button:focus-visible { border-color: var(--st-primary-color); }
span { color: var(--st-text-color); font-size: 0.875rem; }
"""
_SCRIPT = """
export default function ({ data, parentElement }) {
  const [copy, print] = parentElement.querySelectorAll("button")
  const said = parentElement.querySelector("span")
  copy.textContent = data.copy
  print.textContent = data.print
  said.textContent = ""
  // A phone at home reads the page without TLS, where the clipboard is not offered: there a field is copied from.
  const fromField = () => {
    const field = document.createElement("textarea")
    field.value = data.text
    field.style.position = "fixed"
    field.style.opacity = "0"
    document.body.append(field)
    field.select()
    const done = document.execCommand("copy")
    field.remove()
    copy.focus()
    return done
  }
  copy.onclick = async () => {
    let done = false
    try {
      await navigator.clipboard.writeText(data.text)
      done = true
    } catch {
      done = fromField()
    }
    said.textContent = done ? data.copied : data.failed
  }
  print.onclick = () => window.print()
}
"""

_buttons = component("ashore_copy_and_print", html=_HTML, css=_CSS, js=_SCRIPT)


def show(key: str, text: str, say: Words) -> None:
    """Show the buttons.

    Args:
        key: The element's own.
        text: What is copied; it reaches the script as data, never as markup.
        say: The reader's catalogue.
    """
    words = {name: say(f"act.copying.{name}") for name in ("copy", "print", "copied", "failed")}
    _buttons(key=key, data={"text": text, **words})
