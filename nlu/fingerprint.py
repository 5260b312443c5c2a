"""Which model belongs to the present data: a hash of everything that training reads."""

from __future__ import annotations

import hashlib
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
_READ = (".py", ".yml", ".jsonl")
_DIALOGUE = ("domain.yml", "rules.yml")
_UNREAD = frozenset(  # folders and files that change nothing in the model
    {"__pycache__", "__init__.py", "figures.py", "servers.py", "bench"}
    | {"check.py", "evaluate.py", "fingerprint.py", "overlap.py", "quiet.py", "report.py", "serve.py", "train.py"}
)


def sources(root: Path = ROOT) -> list[Path]:
    """config.yml, domain and rules of the flows, and all of nlu/ that may change what is learnt, sorted."""
    found = [path for path in (root / "nlu").rglob("*") if path.suffix in _READ]
    read = [path for path in found if not _UNREAD.intersection(path.relative_to(root).parts)]
    dialogue = [path for name in _DIALOGUE for path in (root / "flows").rglob(name)]
    return [root / "config.yml", *sorted(read + dialogue)]


def fingerprint(root: Path = ROOT) -> str:
    """16 hexadecimal digits that change with any of the sources or their names."""
    digest = hashlib.sha256()
    for path in sources(root):
        digest.update(f"{path.relative_to(root)}\0{path.stat().st_size}\0".encode())
        digest.update(path.read_bytes())
    return digest.hexdigest()[:16]


def model_path(root: Path = ROOT) -> Path:
    """Where the model for the present data is, or will be."""
    return root / "var" / "models" / f"{fingerprint(root)}.tar.gz"
