"""Rows for a spreadsheet program."""

from __future__ import annotations

import csv
import io

from tongban.foundation.kernel.sheets import csv_answer


def test_no_cell_is_a_formula_and_none_is_lost() -> None:
    answer = csv_answer("数据.csv", [["名称", "值"], ["=1+1", 'a,b\n"c"'], ["-", "@x"]])
    text = answer.content.decode()
    assert text.startswith("\ufeff")
    assert list(csv.reader(io.StringIO(text[1:]))) == [["名称", "值"], ["'=1+1", 'a,b\n"c"'], ["'-", "'@x"]]
    assert (answer["X-Content-Type-Options"], answer["Cache-Control"]) == ("nosniff", "no-store")
    assert "%E6%95%B0%E6%8D%AE.csv" in answer["Content-Disposition"]
