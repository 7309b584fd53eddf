"""What the commands share that tell what pages tell: the version that they read, an area and a theme, a sheet in three forms."""

from __future__ import annotations

import datetime
import json
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlencode

from app.asking import Citation, fill_one, settled
from app.asking.exports import write_csv, write_json
from app.asking.sheets import Sheet, laid_out, licences
from app.assembly import load_vocabulary
from app.cli.console import Console
from app.cli.discovering import discover, suggester_on
from app.cli.misread import misread
from app.cli.parts import Place, open_place
from app.discovery.suggestions import Suggester
from app.entities.addresses import Addresses
from app.entities.questions import Questions
from app.queries import Parameter
from app.text import Language, number
from app.vocabulary import Vocabulary

AREA = Parameter("area", "iri", of_class="maillage:Territory")
THEME = Parameter("theme", "iri", of_class="maillage:Theme")


@dataclass(frozen=True)
class Reading:
    """One version, ready to be asked."""

    place: Place
    version: int
    questions: Questions
    suggester: Suggester
    vocabulary: Vocabulary
    addresses: Addresses

    @classmethod
    def of(cls, version: int | None) -> Reading:
        """The newest version where none is named."""
        place, vocabulary = open_place(), load_vocabulary()
        number_ = version if version is not None else place.repository.current_number()
        questions = discover(place, number_)
        kinds = frozenset(kind.segment for kind in vocabulary.kinds())
        addresses = Addresses(place.settings.base_iri, kinds)
        return cls(place, number_, questions, suggester_on(place, questions, number_), vocabulary, addresses)

    def iri(self, parameter: Parameter, text: str | None, language: Language) -> str | None:
        """An area or a theme by its address or its exact name. Raises :class:`app.errors.BadParameter`, with those like it."""
        if text is None:
            return None
        filled = settled(fill_one(parameter, {parameter.name: text}, self.questions))
        if filled.term is None:
            raise misread(filled, f"--{parameter.name}", language)
        return str(getattr(filled.term, "value", filled.term))

    def show(
        self, console: Console, sheet: Sheet, path: str, query: Mapping[str, str | None], *, limit: int, as_csv: bool
    ) -> None:
        """The sheet as the page's own CSV or JSON file, whole, or as a table of its first rows for people."""
        laid = laid_out(sheet, self.questions, self.vocabulary, console.language)
        if as_csv:
            sys.stdout.flush()
            sys.stdout.buffer.write(write_csv(laid, self._citation(sheet, path, query, console.language)))
            sys.stdout.buffer.flush()
        elif console.as_json:
            console.result(json.loads(write_json(laid, self._citation(sheet, path, query, console.language))))
        else:
            cells = [[cell.text if cell else "" for cell in line] for line in laid.cells[:limit]]
            console.table([column.label for column in laid.columns], cells)
            shown = {"shown": number(len(cells), console.language), "version": str(self.version)}
            console.note("sheet-shown", n=len(laid.cells), **shown)

    def _citation(self, sheet: Sheet, path: str, query: Mapping[str, str | None], language: Language) -> Citation:
        given = {**{name: value for name, value in query.items() if value}, "version": str(self.version)}
        prefix = "en/" if language == "en" else ""
        return Citation(
            question=sheet.question,
            version=self.version,
            date=datetime.date.today().isoformat(),
            address=f"{self.place.settings.base_iri}{prefix}{path}?{urlencode(given)}",
            query=sheet.method,
            licences=licences(self.questions, self.addresses, self.vocabulary, language),
            language=language,
        )
