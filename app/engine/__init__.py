"""How the graph is stored, versioned and asked; what is above knows no store, and what is below no version."""
