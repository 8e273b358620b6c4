What waits in the data catalogue stands on the one page of everything that waits; a service item's page names the data resources its results go to.
