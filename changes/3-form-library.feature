A library of groups and fields that forms share, in dated versions: a form copies one, is told of a newer one and takes it without losing its own changes.
