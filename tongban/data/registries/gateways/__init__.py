"""What reaches beyond us: PostgreSQL's COPY, and record linkage on DuckDB."""

from .linkage import Likely, likely_pairs
from .merging import merge

__all__ = ["Likely", "likely_pairs", "merge"]
