Topic stores know projects: cases whose forms name the same investment project code stand together; stores are searched, shown in words and exported as CSV, and each export is a fact.
