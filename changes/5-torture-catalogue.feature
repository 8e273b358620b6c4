A data steward's systems are written, answered twice and published while everything is killed; the checker knows each version, its reviews and its facts.
