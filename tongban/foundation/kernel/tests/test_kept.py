import time

from tongban.foundation.kernel.kept import forget_kept, kept


def counted(seconds):
    asked = []

    @kept(seconds=seconds)
    def double(number):
        asked.append(number)
        return 2 * number

    return double, asked


def test_the_same_question_is_asked_once():
    double, asked = counted(60)
    assert [double(2), double(2), double(3)] == [4, 4, 6]
    assert asked == [2, 3]


def test_it_is_asked_again_when_the_time_is_over(monkeypatch):
    double, asked = counted(5)
    double(2)
    later = time.monotonic() + 6
    monkeypatch.setattr(time, "monotonic", lambda: later)
    double(2)
    assert asked == [2, 2]


def test_all_is_forgotten_at_once():
    double, asked = counted(60)
    double(2)
    forget_kept()
    double(2)
    assert asked == [2, 2]
