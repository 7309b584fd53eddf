"""Writing over protocols: SPARQL Update and graphs as documents become a change that is judged and published; no HTTP."""
