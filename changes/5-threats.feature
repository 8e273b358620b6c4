Threat board (威胁看板): failed sign-ins, refused looks, odd exports and altered records become alerts by rules in versions; taken, handled with a finding, verified by another person.
