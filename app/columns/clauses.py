"""Reads words and expressions of a query; the part of the grammar that all clauses share."""

from __future__ import annotations

from collections.abc import Callable, Collection

from app.columns.expressions import canonical
from app.columns.plan import Expression
from app.columns.relations import NotCovered
from app.columns.tokens import Token, iri_text, tokens_of

_FUNCTIONS = frozenset(
    (
        *("STR", "LANG", "DATATYPE", "LANGMATCHES", "BOUND", "IF", "COALESCE", "SAMETERM"),
        *("ISIRI", "ISURI", "ISBLANK", "ISLITERAL", "ISNUMERIC", "ABS", "CEIL", "FLOOR", "ROUND"),
        *("CONCAT", "STRLEN", "UCASE", "LCASE", "CONTAINS", "STRSTARTS", "STRENDS", "STRBEFORE", "STRAFTER"),
        *("SUBSTR", "REPLACE", "REGEX", "YEAR", "MONTH", "DAY", "HOURS", "MINUTES", "SECONDS"),
    )
)
_WORDS = frozenset({"IN", "NOT", "TRUE", "FALSE"})
_SIGNS = frozenset({"&&", "||", "!=", "<=", ">=", "=", "<", ">", "!", "+", "-", "*", "/", ",", "(", ")"})
_CASTS = tuple(
    f"<http://www.w3.org/2001/XMLSchema#{name}>"
    for name in ("integer", "decimal", "double", "float", "boolean", "string", "date")
)
_DEEPEST = 60
_END = Token("")
_END.kind, _END.place = "end", -1


class Clauses:
    """Words of one query, its prefixes, and where the reading is."""

    def __init__(self, text: str) -> None:
        self._tokens = [*tokens_of(text), _END]
        self._place = 0
        self._prefixes: dict[str, str] = {}

    @property
    def word(self) -> Token:
        return self._tokens[self._place]

    @property
    def kind(self) -> str:
        return self._tokens[self._place].kind

    @property
    def at_end(self) -> bool:
        return self.kind == "end"

    def take(self) -> Token:
        token = self._tokens[self._place]
        if token is not _END:
            self._place += 1
        return token

    def ahead(self, steps: int = 1) -> Token:
        return self._tokens[min(self._place + steps, len(self._tokens) - 1)]

    def accept(self, word: str) -> bool:
        token = self.word
        if token.kind in ("word", "sign") and (token == word or token.upper() == word):
            self._place += 1
            return True
        return False

    def expect(self, word: str) -> None:
        if not self.accept(word):
            raise NotCovered

    def variable(self) -> str:
        if self.kind != "var":
            raise NotCovered
        name = "?" + self.take()[1:]
        if name.endswith("__"):
            raise NotCovered  # ours
        return name

    def prologue(self) -> None:
        """Prefixes; a base is not covered."""
        while self.accept("PREFIX"):
            name, iri = self.take(), self.take()
            if name.kind != "name" or not name.endswith(":") or iri.kind != "iri":
                raise NotCovered
            self._prefixes[str(name)] = iri_text(iri)[1:-1]

    def iri(self) -> str:
        """An IRI in its brackets, written as it is or with a prefix."""
        token = self.take()
        if token.kind == "iri":
            return iri_text(token)
        if token.kind != "name":
            raise NotCovered
        prefix, _, local = token.partition(":")
        start = self._prefixes.get(f"{prefix}:")
        if start is None:
            raise NotCovered
        return iri_text(f"<{start}{local}>")

    def literal(self) -> bytes:
        """A literal as the engine keeps it."""
        return canonical(self._literal_text())

    def _literal_text(self) -> str:
        sign = ""
        if self.word in ("-", "+") and self.ahead().kind == "number" and self.word.touches(self.ahead()):
            sign = str(self.take())
        token = self.take()
        if token.kind == "number" or (token.kind == "word" and token in ("true", "false") and not sign):
            return sign + token
        if token.kind != "string" or sign:
            raise NotCovered
        return self._with_type(token)

    def _with_type(self, token: Token) -> str:
        """A string with its language or datatype, in the one kind of quotes where it is simple."""
        text = f'"{token[1:-1]}"' if not set('"\\') & set(token[1:-1]) else str(token)
        if self.kind == "lang" and token.touches(self.word):
            return text + self.take()
        if self.word == "^^" and token.touches(self.word) and self.word.touches(self.ahead()):
            self.take()
            return f"{text}^^{self.iri()}"
        return text

    def is_aggregate(self, functions: Collection[str]) -> bool:
        return self.kind == "word" and self.word.upper() in functions and self.ahead() == "("

    def expression_until(self, word: str) -> Expression:
        """An expression up to a word, which is read too."""
        words, names = self._words(word, None, ())
        self.expect(word)
        return _expression(words, names)

    def bracketed(self, aggregate: Callable[[], str] | None = None, functions: Collection[str] = ()) -> Expression:
        """An expression in brackets, without them."""
        self.expect("(")
        words, names = self._words(")", aggregate, functions)
        self.expect(")")
        return _expression(words, names)

    def conditions(self) -> list[Expression]:
        """A FILTER's condition, as several where all of them must hold."""
        if self.word == "(":
            self.expect("(")
            words, _ = self._words(")", None, ())
            self.expect(")")
        else:
            if self.kind != "word" or self.word.upper() not in _FUNCTIONS or self.ahead() != "(":
                raise NotCovered
            words = [self.take().upper(), self.take()]
            inner, _ = self._words(")", None, ())
            self.expect(")")
            words = [*words, *inner, ")"]
        return [_expression(part, [word for word in part if word.startswith("?")]) for part in _conjuncts(words)]

    def _words(self, end: str, aggregate: Callable[[], str] | None, functions: Collection[str]) -> tuple[list[str], list[str]]:
        words: list[str] = []
        names: list[str] = []
        depth = 0
        after_value = False
        while depth or self.word.upper() != end:
            now = self.word
            depth += (now == "(") - (now == ")")
            is_value = now.kind in ("var", "iri", "name", "string", "number") or now.upper() in ("TRUE", "FALSE")
            if depth > _DEEPEST or (is_value and after_value):
                raise NotCovered  # what the engine may read otherwise, as in ``?a<b:c&&?d>1``
            after_value = is_value or now == ")"
            if now.kind == "var":
                words.append(self.variable())
                names.append(words[-1])
            elif aggregate is not None and self.is_aggregate(functions):
                words.append(aggregate())
                names.append(words[-1])
            elif now.kind in ("iri", "name"):
                words.append(self.iri())
                if self.word == "(" and words[-1] not in _CASTS:
                    raise NotCovered
            elif now.kind == "string":
                words.append(self._literal_text())
            elif now.kind == "number" or (now.kind == "sign" and now in _SIGNS):
                words.append(str(self.take()))
            elif now.kind == "word" and (now.upper() in _WORDS or (now.upper() in _FUNCTIONS and self.ahead() == "(")):
                words.append(self.take().upper() if now.upper() not in ("TRUE", "FALSE") else str(self.take()))
            else:
                raise NotCovered
        if not words:
            raise NotCovered
        return words, names


def _expression(words: list[str], names: list[str]) -> Expression:
    return Expression(" ".join(words), tuple(dict.fromkeys(names)))


def _conjuncts(words: list[str]) -> list[list[str]]:
    """Parts that must all be true; a part whose brackets enclose it all is taken out of them."""
    depth = 0
    parts: list[list[str]] = []
    part: list[str] = []
    for word in words:
        depth += (word == "(") - (word == ")")
        if depth < 0:
            raise NotCovered
        if word == "||" and not depth:
            return [words]
        if word == "&&" and not depth:
            parts.append(part)
            part = []
        else:
            part.append(word)
    parts.append(part)
    if not all(parts):
        raise NotCovered
    if len(parts) == 1:
        return _conjuncts(words[1:-1]) if _is_enclosed(words) else [words]
    return [inner for each in parts for inner in _conjuncts(each)]


def _is_enclosed(words: list[str]) -> bool:
    if words[0] != "(" or words[-1] != ")" or len(words) < 3:
        return False
    depth = 0
    for place, word in enumerate(words):
        depth += (word == "(") - (word == ")")
        if not depth:
            return place == len(words) - 1
    return False
