"""Files become a change of one source's graph: read, compared, judged and published; no HTTP, no command line."""
