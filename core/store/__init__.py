"""Where documents live: every confirmed change is a revision, and what was confirmed is there after any crash.

The store keeps opaque bytes. It knows nothing of plans or households, so that a document may as well be sealed.
"""

from core.store.databases import set_broken_aside
from core.store.documents import DOCUMENT_BYTES_MAX, DocumentId, DocumentInfo, Revision, Store
from core.store.edits import STEPS_MAX, EditHistory
from core.store.errors import (
    BackupError,
    Conflict,
    DamagedRevision,
    DocumentTooLarge,
    NoSuchDocument,
    StoreError,
    StoreUnavailable,
)
from core.store.places import Place, data_folder, default_place
from core.store.retention import UNOPENED_DAYS
from core.store.thinning import DAYS_KEPT, NEWEST_KEPT, REVISION_BYTES_MAX, RevisionInfo

__all__ = [
    "DAYS_KEPT",
    "DOCUMENT_BYTES_MAX",
    "NEWEST_KEPT",
    "REVISION_BYTES_MAX",
    "STEPS_MAX",
    "UNOPENED_DAYS",
    "BackupError",
    "Conflict",
    "DamagedRevision",
    "DocumentId",
    "DocumentInfo",
    "DocumentTooLarge",
    "EditHistory",
    "NoSuchDocument",
    "Place",
    "Revision",
    "RevisionInfo",
    "Store",
    "StoreError",
    "StoreUnavailable",
    "data_folder",
    "default_place",
    "set_broken_aside",
]
