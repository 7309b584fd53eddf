"""What the site says about entities, in values that any edge can show; no HTTP, no markup, no store."""
