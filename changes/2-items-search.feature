Search finds items by everyday words, pinyin, initials, traditional characters and with typing mistakes, and suggests while one types.
