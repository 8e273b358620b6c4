Departments list their systems and data resources: drafts, two reviews by other people, versions that never change, three lists, dictionaries as data.
