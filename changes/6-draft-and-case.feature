The fact of an application names the draft it was written in, so that looks into registers made while the form was filled belong to the case.
