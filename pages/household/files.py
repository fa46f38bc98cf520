"""Files and earlier states: open and save a file, other households and examples, revisions to go back to."""

import streamlit as st

from core.household import HouseholdDocument, dump_household
from core.store import DocumentInfo
from pages.household import start, upload
from pages.shared import keeping, saved
from pages.shared.words import Words

_REVISIONS = 20
_OTHERS = 10


def show(document: HouseholdDocument, say: Words) -> None:
    """Show what can be done with files and earlier states."""
    st.header(say("files.save_title"), anchor=False)
    st.caption(say("files.save_note"))
    st.download_button(
        say("files.save"),
        dump_household(document),
        file_name=f"ashore-{document.plan.start.isoformat()}.json",
        mime="application/json",
        key="files.save",
        on_click="ignore",
    )
    upload.show(say, "files")
    _show_revisions(say)
    _show_others(say)
    st.header(say("files.new_title"), anchor=False)
    st.button(say("start.begin"), key="files.begin", on_click=start.begin_asking)
    start.show_samples(say)


def _show_revisions(say: Words) -> None:
    found = keeping.history(_REVISIONS)
    if len(found) < 2:
        return
    st.header(say("files.revisions"), anchor=False)
    st.caption(say("files.revisions_note"))
    times = {info.number: saved.moment(info.at) for info in found[1:]}
    number = st.selectbox(
        say("files.which_revision"),
        list(times),
        key="files.revision",
        index=None,
        format_func=lambda one: say("files.revision", number=one, at=times[one]),
        placeholder=say("files.revision_placeholder"),
        filter_mode=None,
    )
    if number is None:
        return
    document = keeping.revision(number)
    if document is None:
        st.markdown(f":red[{say('files.unreadable')}]")
        return
    st.markdown(saved.in_short(document, say))
    st.button(say("files.restore"), key="files.restore", on_click=keeping.restore, args=(number,))


def _show_others(say: Words) -> None:
    here = keeping.opened()
    others = [info for info in keeping.documents() if here is None or info.id != here.id]
    if not others:
        return
    st.header(say("files.others"), anchor=False)
    for number, info in enumerate(others[:_OTHERS]):
        _show_other(number, info, say)


def _show_other(number: int, info: DocumentInfo, say: Words) -> None:
    with st.container(horizontal=True, vertical_alignment="center", gap="small", border=True):
        document = keeping.newest(info.id)
        what = say("files.unreadable") if document is None else saved.in_short(document, say)
        st.markdown(f"{what}  \n:gray[{say('files.other', at=saved.moment(info.saved_at))}]", width="stretch")
        st.button(
            say("household_page.open"), key=f"files.open.{number}", on_click=keeping.open_document, args=(info.id,)
        )
        with st.popover(say("household_page.delete"), key=f"files.sure.{number}"):
            st.caption(say("files.delete_note"))
            st.button(
                say("files.delete_for_good"),
                key=f"files.delete.{number}",
                on_click=keeping.delete,
                args=(info.id,),
            )
