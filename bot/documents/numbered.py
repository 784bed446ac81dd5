"""Numbers the sources of a document in the order of their first mention."""

from bot.core.handbook.wording import Phrases
from bot.core.policy.model import Source


class NumberedSources:
    """Gives each source a number, and lists them all at the end. `cited` names the response."""

    def __init__(self, phrases: Phrases, cited: str) -> None:
        self._say = phrases.say
        self._cited = cited
        self._numbers: dict[Source, int] = {}

    def cited(self, text: str, *sources: Source) -> str:
        """Return a statement with the numbers of its sources."""
        numbers = ", ".join(sorted({*map(self.number, sources)}, key=int))
        return self._say(self._cited, text=text.strip(), number=numbers)

    def number(self, source: Source) -> str:
        """Return the number of a source."""
        return str(self._numbers.setdefault(source, len(self._numbers) + 1))

    def lines(self) -> list[str]:
        """Return each source with its number."""
        return [
            self._say(
                "record_source", number=number, document=source.document, section=source.section
            )
            for source, number in self._numbers.items()
        ]

    def by_document(self) -> list[tuple[str, str]]:
        """Return each document with its sections and their numbers, on one line each."""
        documents: dict[str, list[str]] = {}
        for source, number in self._numbers.items():
            documents.setdefault(source.document, []).append(f"{number}: {source.section}")
        return [(document, "; ".join(found)) for document, found in documents.items()]
