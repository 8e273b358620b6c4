`make check` looks for committed secrets, unpinned packages, licences nobody has read and, where advisory data lie (`TONGBAN_ADVISORIES`), known holes; without them it says that nothing was checked.
