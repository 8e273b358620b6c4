"""What departments hand in for the lake: versions of a file, and a system that never changes. One row tells how many there must be."""

FILES, SYSTEM = "torture_files", "torture_system"  # what they are called in the lake
SYSTEM_ROWS, ROWS_A_PART = 3000, 300  # so many parts, that a blow falls between two


def rows_of(version: int) -> int:
    """How many rows a version of the file has; each row says which version it is of."""
    return 200 + 37 * version % 300


def file_of(version: int) -> bytes:
    return "\n".join(["id,version", *(f"{number},{version}" for number in range(1, rows_of(version) + 1))]).encode()
