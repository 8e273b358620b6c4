A streaming standby, started, promoted and seen by one command each; the app follows. Killed under load, no acknowledged write is lost.
