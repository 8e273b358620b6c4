The board of 全程网办 keeps its three lists by computing them: by department, over twelve months, with what blocks each item and the smallest change that would free it.
