"""What can be asked of layouts: what is wrong with a description of pages, and what may be thought of a file."""

from .describing import faults_in, too_long
from .judgement import Judgement, SignedBy
from .judging_ofd import judge_ofd
from .judging_pdf import judge_pdf

__all__ = ["Judgement", "SignedBy", "faults_in", "judge_ofd", "judge_pdf", "too_long"]
