"""Who has what another seeks: needs with offers, calls with candidates, each pair with its reasons; no other suggestion."""

from app.discovery.matching.calls import Candidate, Candidates, candidates_for, open_calls_for
from app.discovery.matching.criteria import Verdict
from app.discovery.matching.listing import Call, Listing, Scope
from app.discovery.matching.market import Market, Match, Matches
from app.discovery.matching.reading import advanced, read_market

__all__ = [
    "Call",
    "Candidate",
    "Candidates",
    "Listing",
    "Market",
    "Match",
    "Matches",
    "Scope",
    "Verdict",
    "advanced",
    "candidates_for",
    "open_calls_for",
    "read_market",
]
