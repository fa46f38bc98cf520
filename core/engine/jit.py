"""Compiling the kernel: numba where there is a wheel of it, the same source uncompiled where there is none.

The compiled kernel is cached on disk, in a folder named by a hash of the engine's sources (so that a change in any
of them is seen), below `ASHORE_CACHE_DIR` where that is set, else below the first of these that can be written: the
package's own `__pycache__`, the user's cache folder, the system's temporary folder. numba looks for its folder at
import, so it is chosen here, before.
"""

import hashlib
import os
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

F = TypeVar("F", bound=Callable[..., Any])

_HERE = Path(__file__).parent


def _shared_temporary() -> list[Path]:
    """A folder of our own in the temporary one, left out where somebody else made it: what is cached there is run."""
    folder = Path(tempfile.gettempdir()) / f"ashore-{os.getuid() if hasattr(os, 'getuid') else 'user'}"
    try:
        folder.mkdir(mode=0o700, exist_ok=True)
        state = folder.lstat()
    except OSError:
        return []
    ours = not hasattr(os, "getuid") or (state.st_uid == os.getuid() and state.st_mode & 0o077 == 0)
    return [folder] if ours and not folder.is_symlink() else []


def _candidates() -> list[Path]:
    own = os.environ.get("ASHORE_CACHE_DIR")
    if own:
        return [Path(own)]
    user = os.environ.get("XDG_CACHE_HOME") or os.environ.get("LOCALAPPDATA")
    try:
        home = Path(user) if user else Path.home() / ".cache"
    except RuntimeError:  # no home folder is known
        home = Path(tempfile.gettempdir())
    return [_HERE / "__pycache__", home / "ashore", *_shared_temporary()]


def _writable(folder: Path) -> bool:
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder):
            return True
    except OSError:
        return False


def _source_hash() -> str:
    digest = hashlib.sha256()
    for source in sorted(_HERE.glob("*.py")):
        digest.update(source.read_bytes())
    return digest.hexdigest()[:16]


def cache_folder() -> Path | None:
    """The folder of this version's compiled kernel; None where no folder can be written.

    A folder that already holds the kernel is taken even where it cannot be written (a read-only install that was
    warmed).
    """
    name = f"kernel-{_source_hash()}"
    places = _candidates()
    for place in places:
        if any((place / name).glob("**/*.nbc")):
            return place / name
    for place in places:
        if _writable(place):
            return place / name
    return None


CACHE_FOLDER = cache_folder()
if CACHE_FOLDER is not None:
    os.environ["NUMBA_CACHE_DIR"] = str(CACHE_FOLDER)

try:
    import numba
except ImportError:  # no wheel for this machine
    numba = None

COMPILES = numba is not None and os.environ.get("NUMBA_DISABLE_JIT", "0") in ("", "0")
"""False where the kernel runs as plain Python."""


# The kernel allocates nothing and returns no array, so it needs no counting of references; counted atomically at
# every call, they
# took three fifths of its time (numba's issues 2345 and 2350 tell of the same).
_OPTIONS: dict[str, Any] = {"nogil": True, "error_model": "numpy", "_nrt": False}


def jit(function: F) -> F:
    """Mark a function of the kernel: compiled into it where numba is at hand, else left as it is."""
    if numba is None:
        return function
    compiled: Any = numba.njit(**_OPTIONS)(function)
    return compiled


def compile_kernel(function: Callable[..., Any], signature: str) -> Callable[..., Any]:
    """Compile the kernel's one entry for its one signature, or load it from the cache."""
    if numba is None:
        return function
    return numba.njit(signature, **_OPTIONS, cache=CACHE_FOLDER is not None)(function)
