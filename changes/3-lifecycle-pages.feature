An item has a page with its versions, what may be done about it, and a history that reads like a story; a second person reviews in words what a version changes.
