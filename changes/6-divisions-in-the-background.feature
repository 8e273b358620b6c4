Divisions of the whole country are taken over in the background, with progress told, whole or not at all; twice at once is refused, and it can be given up.
