Whoever comes back to a draft after the item got a new version is taken to it with everything he wrote; what the new form no longer asks stays readable.
