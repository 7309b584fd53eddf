"""Makes the committed seed files from the open data in ``seed/sources``; nothing of the service needs it to run."""
