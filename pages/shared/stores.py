"""The store of this process, opened once, at the place that the environment names."""

from threading import Lock

from core.store import Place, Store, default_place

_lock = Lock()
_stores: dict[Place, Store] = {}


def store() -> Store:
    """Give the process's store.

    Raises:
        StoreUnavailable: It cannot be opened; the next call tries again.
    """
    place = default_place()
    with _lock:
        if place not in _stores:
            _stores[place] = Store.open(place)
        return _stores[place]


def forget() -> None:
    """Close the store after it failed, so that the next call opens it anew; a server is asked anew by itself."""
    place = default_place()
    if not place.is_file:
        return
    with _lock:
        found = _stores.pop(place, None)
    if found is not None:
        found.close()
