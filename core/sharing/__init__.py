"""Sharing a plan so that neither the host nor whoever reads or writes its database learns or forges anything.

A `Book` over a `core.store.Store` makes plans and opens them: an `Owner` reads, saves, makes links and answers pledges,
a `Family` looks at what its link shows and offers help. `docs/sharing.md` says what this protects from, and what not.
"""

from core.sharing.book import Book
from core.sharing.errors import (
    Ended,
    LimitReached,
    NewerFormat,
    NotFound,
    SealError,
    SharingError,
    SlowDown,
    Tampered,
    Unreadable,
    WrongKey,
)
from core.sharing.family import Family, Shown
from core.sharing.family_models import FamilyDocument, Help, Hidden
from core.sharing.figures import Figures, figures_of
from core.sharing.limits import Limits
from core.sharing.owner import Link, Links, Offers, Owner
from core.sharing.pledges import Answer, Offered, Pledge, Sent, as_chosen, as_lever, option_id, pledge_from
from core.sharing.redaction import redacted
from core.sharing.secrets import Address, Secret, read_id, read_link, read_secret

__all__ = [
    "Address",
    "Answer",
    "Book",
    "Ended",
    "Family",
    "FamilyDocument",
    "Figures",
    "Help",
    "Hidden",
    "LimitReached",
    "Limits",
    "Link",
    "Links",
    "NewerFormat",
    "NotFound",
    "Offered",
    "Offers",
    "Owner",
    "Pledge",
    "SealError",
    "Secret",
    "Sent",
    "SharingError",
    "Shown",
    "SlowDown",
    "Tampered",
    "Unreadable",
    "WrongKey",
    "as_chosen",
    "as_lever",
    "figures_of",
    "option_id",
    "pledge_from",
    "read_id",
    "read_link",
    "read_secret",
    "redacted",
]
