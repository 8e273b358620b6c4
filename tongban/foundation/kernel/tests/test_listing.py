from django.template import Context, Template
from django.utils import translation
from django.utils.translation import gettext_lazy

from tongban.foundation.kernel.listing import listed


def test_words_are_parted_as_the_reader_parts_them() -> None:
    words = ["A", 2, gettext_lazy("警告")]
    page = Template("{{ words|listed }}")
    assert listed(words) == page.render(Context({"words": words})) == "A、2、警告"
    with translation.override("en"):
        assert listed(words).startswith("A, 2, ")
        assert page.render(Context({"words": words})) == listed(words)
    assert listed([]) == ""
