"""The household page: what it has, owes, earns and spends; what happened today; files and earlier states."""
