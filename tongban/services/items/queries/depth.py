"""Online depth, for other rooms."""

from tongban.services.items.rules.depth import Depth, depth_of

__all__ = ["Depth", "depth_of"]
