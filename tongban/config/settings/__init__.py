"""Settings, one file per concern. The environment is read here and nowhere else."""

from .audit import *  # noqa: F403
from .authoring import *  # noqa: F403
from .base import *  # noqa: F403
from .cases import *  # noqa: F403
from .clocks import *  # noqa: F403
from .database import *  # noqa: F403
from .decisions import *  # noqa: F403
from .drafting import *  # noqa: F403
from .evaluation import *  # noqa: F403
from .faces import *  # noqa: F403
from .gathering import *  # noqa: F403
from .identity import *  # noqa: F403
from .lake import *  # noqa: F403
from .limits import *  # noqa: F403
from .lineage import *  # noqa: F403
from .logs import *  # noqa: F403
from .notifications import *  # noqa: F403
from .operations import *  # noqa: F403
from .payments import *  # noqa: F403
from .quality import *  # noqa: F403
from .security import *  # noqa: F403
from .storage import *  # noqa: F403
from .tables import *  # noqa: F403
from .tasks import *  # noqa: F403
from .trust import *  # noqa: F403
