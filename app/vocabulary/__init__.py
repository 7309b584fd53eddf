"""What the ontology says, as values that the service uses; the only reader of ``ontology/``, and no reader of data."""

from app.vocabulary.model import Alignment, IdentifierScheme, Kind, Link, Role, Term, Texts
from app.vocabulary.vocabulary import Vocabulary

__all__ = ["Alignment", "IdentifierScheme", "Kind", "Link", "Role", "Term", "Texts", "Vocabulary"]
