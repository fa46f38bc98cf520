"""What a link shows, read anew on each run, and what its debts are called."""

from collections import Counter
from datetime import date
from typing import NamedTuple

from core.sharing import Family, FamilyDocument
from pages.shared import privacy
from pages.shared.words import Words


class View(NamedTuple):
    """What is before the reader.

    Attributes:
        link: Id of the link.
        document: What it shows.
        updated: The day on which that was sealed, as the server's calendar has it.
        version: Changes whenever the document does.
        names: What each debt is called, by its key; plain text.
    """

    link: str
    document: FamilyDocument
    updated: date
    version: tuple[str, int, int]
    names: dict[str, str]

    def question(self, say: Words, *more: object) -> tuple[object, ...]:
        """Give the key of an answer about this document in the reader's language, with or without amounts."""
        return (*self.version, say.language, privacy.hidden(), *more)


def view_of(family: Family, say: Words) -> View:
    """Read what a link shows.

    Raises:
        SharingError, PlanError, StoreError: It cannot be shown.
    """
    shown = family.document()
    about = shown.about
    link = family.address.id
    names = names_of(shown.document, say)
    return View(link, shown.document, about.time.astimezone().date(), (link, about.number, about.at), names)


def names_of(document: FamilyDocument, say: Words) -> dict[str, str]:
    """Name the debts: as the household does, else by what they are, numbered where there are several."""
    nameless = Counter(debt.kind for debt in document.debts if not debt.name)
    used: Counter[str] = Counter()
    names: dict[str, str] = {}
    for debt in document.debts:
        name = debt.name
        if not name:
            used[debt.kind] += 1
            several = nameless[debt.kind] > 1
            name = (
                say(f"family.debts.{debt.kind}_number", number=used[debt.kind])
                if several
                else say(f"family.debts.{debt.kind}")
            )
        names[debt.key] = name
    return names
