"""The one script of ours on every page: it tells the browser which language the page is in."""

from streamlit.components.v2 import component

_SCRIPT = """
export default function ({ data }) {
  document.documentElement.lang = data.language
}
"""

_document = component("ashore_document", js=_SCRIPT)


def set_language(language: str) -> None:
    """Set `<html lang>`, for screen readers and for the choice of Chinese letter forms.

    Args:
        language: A language tag from the catalogue, for example `zh-CN`.
    """
    _document(key="document", data={"language": language})
