"""What can be asked of layouts: what is wrong with a description of pages."""

from .describing import faults_in, too_long

__all__ = ["faults_in", "too_long"]
