A register is listed page by page, printed, and exported masked for a stated purpose, which is recorded.
