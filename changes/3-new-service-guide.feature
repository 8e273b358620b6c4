A guide leads an official from an empty editor to a published item in ten minutes, and a story follows it in a browser, counting clicks and keystrokes.
