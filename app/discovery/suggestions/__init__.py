"""Who should meet, and why: pairs that are not linked though what they share says that they should be."""

from app.discovery.suggestions.scopes import Scopes
from app.discovery.suggestions.suggester import Suggester, Suggestion, Suggestions

__all__ = ["Scopes", "Suggester", "Suggestion", "Suggestions"]
