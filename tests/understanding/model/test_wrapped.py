"""Training lines inside accounts."""

from bot.understanding.model.wrapped import wrapped


def test_kinds_and_exits_are_learned_inside_an_account() -> None:
    """Each line comes once more, whole, with other words before or after it."""
    lines = [("they closed it", "threshold"), ("a coach hit him", "allegation")]
    again = wrapped(lines)
    assert [intent for _, intent in again] == ["threshold", "allegation"]
    for (line, _), (text, _) in zip(lines, again, strict=True):
        assert line in text
        assert len(text) > len(line)


def test_only_kinds_and_exits_are_wrapped() -> None:
    """A greeting stays a greeting, and danger is learned as it is typed."""
    assert wrapped([("hello", "greet"), ("he has a knife", "danger")]) == []
