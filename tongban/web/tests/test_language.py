"""What the code says is found, in Python and in templates."""

from tongban.web.language import spoken_in_python, spoken_in_template


def test_python_speaks_in_all_its_ways() -> None:
    source = 'a = _("甲")\nb = ngettext("%d 件", "%d 件们", n)\nc = pgettext_lazy("month", "五")\nd = _(variable)\n'
    assert set(spoken_in_python(source)) == {("", "甲", ""), ("", "%d 件", "%d 件们"), ("month", "五", "")}


def test_templates_speak_in_all_their_ways() -> None:
    source = (
        '{% translate "我的" %}{% translate "a\'b" context "c" %}'
        "{% blocktranslate count n=n %}{{ n }} 件{% plural %}{{ n }} 件们{% endblocktranslate %}"
        "{% blocktranslate trimmed %}\n  好\n  吗\n{% endblocktranslate %}"
    )
    assert set(spoken_in_template(source)) == {
        ("", "我的", ""),
        ("c", "a'b", ""),
        ("", "%(n)s 件", "%(n)s 件们"),
        ("", "好 吗", ""),
    }
